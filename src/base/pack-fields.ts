import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';

/**
 * The same object with some fields kept as deflated JSON, which takes a twentieth of the memory of many small
 * objects. Whoever reads such a field parses it, and gets a new value each time; copies by spreading hold the
 * value itself. Of those fields what is undefined is left out, so that `in` tells without reading.
 */
export function packFields<T extends object>(
  object: T,
  fields: readonly (keyof T & string)[] = fieldsWithObjects(object),
): T {
  const packed = { ...object };
  for (const field of fields) {
    const value = object[field];
    if (value === undefined) {
      Reflect.deleteProperty(packed, field);
      continue;
    }
    const bytes = deflateSync(strToU8(JSON.stringify(value)));
    Object.defineProperty(packed, field, {
      enumerable: true,
      get: () => JSON.parse(strFromU8(inflateSync(bytes))) as unknown,
    });
  }
  return packed;
}

function fieldsWithObjects<T extends object>(object: T): (keyof T & string)[] {
  const fields = Object.keys(object) as (keyof T & string)[];
  return fields.filter((field) => typeof object[field] === 'object' && object[field] !== null);
}
