/** A mathematical symbol; what follows an underscore is set as its index. */
export function Symbol({ of: text }: { readonly of: string }) {
  const [base, index] = text.split('_');
  return (
    <i className="symbol">
      {base}
      {index && <sub>{index}</sub>}
    </i>
  );
}
