/** A frame that shows the address in another page. */
export function embedCode(address: string): string {
  const source = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<iframe src="${source}" title="ExIt Lab" width="100%" height="760" style="border:0" loading="lazy" allow="clipboard-write"></iframe>`;
}
