/**
 * What a release says about itself: its bill of materials (CycloneDX 1.6) and where it comes from (in-toto
 * statement with SLSA provenance). Both depend on the inputs alone, so that two builds agree.
 *
 * @module
 */

/** A file of the release. */
export interface Artifact {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Where the sources come from. */
export interface Source {
  readonly version: string;
  /** Commit of the sources; "" when it is not known. */
  readonly commit: string;
  /** Time of the commit, RFC 3339. */
  readonly time: string;
  /** Address of the repository; "" when it is not known. */
  readonly repository: string;
  /** Version of the runtime. */
  readonly runtime: string;
}

/** Something that the program contains or was built with. */
export interface Component {
  readonly type: "library" | "platform";
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly scope: "required" | "excluded";
}

/** Components from the lock file: everything there is for development, because the program has no dependency. */
export function lockedComponents(
  lock: { readonly npm?: Readonly<Record<string, unknown>> },
): Component[] {
  return Object.keys(lock.npm ?? {}).sort().map((id): Component => {
    const [, name = id, version = ""] = /^(@?[^@]+)@([^_]+)/.exec(id) ?? [];
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    return { type: "library", name, version, purl, scope: "excluded" };
  });
}

/** The bill of materials. */
export function billOfMaterials(source: Source, locked: readonly Component[]): unknown {
  const purl = `pkg:jsr/@gait/gait@${source.version}`;
  const runtime: Component = {
    type: "platform",
    name: "deno",
    version: source.runtime,
    purl: `pkg:github/denoland/deno@v${source.runtime}`,
    scope: "required",
  };
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: source.time,
      component: {
        type: "application",
        "bom-ref": purl,
        name: "gait",
        version: source.version,
        purl,
        licenses: [{ license: { id: "Apache-2.0" } }],
      },
    },
    components: [runtime, ...locked].map((part) => ({ ...part, "bom-ref": part.purl })),
    dependencies: [
      { ref: purl, dependsOn: [runtime.purl] },
      ...[runtime, ...locked].map((part) => ({ ref: part.purl, dependsOn: [] })),
    ],
  };
}

/** The statement about where the artifacts come from. */
export function provenance(source: Source, artifacts: readonly Artifact[]): unknown {
  const { commit, repository } = source;
  const uri = repository === "" ? "git+file:" : `git+${repository}`;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: artifacts.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://gait.dev/release/v1",
        externalParameters: { version: source.version },
        internalParameters: { deno: source.runtime },
        resolvedDependencies: [
          { uri, ...(commit === "" ? {} : { digest: { gitCommit: commit } }) },
        ],
      },
      runDetails: {
        builder: { id: "https://gait.dev/builders/release-task" },
        metadata: { startedOn: source.time },
      },
    },
  };
}
