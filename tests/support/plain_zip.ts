/** An independent, trusting zip reader for tests: central directory, and the platform's own inflate. */

/** Members by name, in the order of the central directory. */
export async function readStoredZip(zip: Uint8Array): Promise<Map<string, Uint8Array>> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error("no end record");
  const out = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const [nameLength, extra, comment] = [28, 30, 32].map((n) => view.getUint16(at + n, true)) as [
      number,
      number,
      number,
    ];
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const packed = zip.slice(start, start + view.getUint32(at + 20, true));
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + nameLength));
    const stored = view.getUint16(at + 10, true) === 0;
    out.set(name, stored ? packed : await inflate(packed));
    at += 46 + nameLength + extra + comment;
  }
  return out;
}

/** Inflates a raw deflate stream with the platform. */
export async function inflate(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(data)]).stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
