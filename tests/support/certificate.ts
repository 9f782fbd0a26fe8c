/** Certificates for tests over TLS, made by openssl for each run. */

/** Makes a self-signed certificate for loopback; `undefined` where there is no openssl. */
export async function makeCertificate(): Promise<{ cert: string; key: string } | undefined> {
  const dir = await Deno.makeTempDir();
  const args = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-days", "1", "-subj", "/CN=localhost", "-keyout", `${dir}/key.pem`],
    ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-out", `${dir}/cert.pem`],
  ];
  try {
    const { success } = await new Deno.Command("openssl", { args, stderr: "null" }).output();
    if (!success) return undefined;
    return {
      cert: await Deno.readTextFile(`${dir}/cert.pem`),
      key: await Deno.readTextFile(`${dir}/key.pem`),
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
