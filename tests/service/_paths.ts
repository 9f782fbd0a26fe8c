/** Path of a file URL on POSIX. */
export function fromFileUrl(url: URL): string {
  return decodeURIComponent(url.pathname);
}
