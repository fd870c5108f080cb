/** A workspace as a plain value: what a listing of the file system shows. */
import type { Token } from '../task.ts';
import { ROOT } from './vocabulary.ts';

/** Names of directories are unique in a workspace, so one word says which is meant. */
export type DirectoryEntry = { readonly name: Token; readonly parent: Token };

/** `text` is one word, or empty. */
export type FileEntry = { readonly name: Token; readonly dir: Token; readonly text: Token };

/** Plain JSON. Directories in order of name, files in order of name and directory. */
export type Tree = {
  readonly cwd: Token;
  readonly dirs: readonly DirectoryEntry[];
  readonly files: readonly FileEntry[];
};

/** Code units, not a locale's order: it is the same everywhere. */
export function compareWords(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function sorted({ cwd, dirs, files }: Tree): Tree {
  return {
    cwd,
    dirs: [...dirs].sort((a, b) => compareWords(a.name, b.name)),
    files: [...files].sort((a, b) => compareWords(a.name, b.name) || compareWords(a.dir, b.dir)),
  };
}

export function hasDirectory(tree: Tree, name: Token): boolean {
  return name === ROOT || tree.dirs.some((dir) => dir.name === name);
}

export function fileAt(tree: Tree, name: Token, dir: Token): FileEntry | undefined {
  return tree.files.find((file) => file.name === name && file.dir === dir);
}

/** The directories that hold a file of this name, in order. */
export function placesOf(tree: Tree, name: Token): Token[] {
  return tree.files.filter((file) => file.name === name).map(({ dir }) => dir);
}

/** 0 at the top, 1 in a directory of it, and so on. */
export function depthOf(tree: Tree, dir: Token): number {
  const entry = tree.dirs.find(({ name }) => name === dir);
  return entry ? 1 + depthOf(tree, entry.parent) : 0;
}

/** Directories and files that a prompt has places for; what is more, once in a thousand turns, is cut. */
export const SHOWN_DIRECTORIES = 5;
export const SHOWN_FILES = 7;

/** What a prompt shows of the tree. */
export function shownOf({ cwd, dirs, files }: Tree): Tree {
  return { cwd, dirs: dirs.slice(0, SHOWN_DIRECTORIES), files: files.slice(0, SHOWN_FILES) };
}

/** How a thing that only one of two trees has, or has with another text, differs. */
export interface Difference {
  readonly kind: 'extra' | 'lacking' | 'text';
  /** `docs/ in root` or `notes in docs`. */
  readonly what: string;
  /** Set for a file that is in one tree here and in the other one there. */
  readonly elsewhere?: Token;
}

/** What must change in `tree` to make it `wanted`; the current directory does not count. */
export function differences(tree: Tree, wanted: Tree): Difference[] {
  return [
    ...onlyIn(directoriesOf(tree), directoriesOf(wanted), 'extra'),
    ...onlyIn(directoriesOf(wanted), directoriesOf(tree), 'lacking'),
    ...moved(tree, wanted, 'extra'),
    ...moved(wanted, tree, 'lacking'),
    ...wanted.files
      .filter(({ name, dir, text }) => (fileAt(tree, name, dir)?.text ?? text) !== text)
      .map(({ name, dir }): Difference => ({ kind: 'text', what: `${name} in ${dir}` })),
  ];
}

/** A thing too much or too few weighs twice as much as a wrong text. */
export function distance(tree: Tree, wanted: Tree): number {
  return differences(tree, wanted).reduce((sum, { kind }) => sum + (kind === 'text' ? 1 : 2), 0);
}

function directoriesOf(tree: Tree): string[] {
  return tree.dirs.map(({ name, parent }) => `${name}/ in ${parent}`);
}

function onlyIn(
  these: readonly string[],
  those: readonly string[],
  kind: Difference['kind'],
): Difference[] {
  return these.filter((what) => !those.includes(what)).map((what) => ({ kind, what }));
}

/** Files of `tree` that `other` does not have in the same place. */
function moved(tree: Tree, other: Tree, kind: Difference['kind']): Difference[] {
  return tree.files
    .filter(({ name, dir }) => !fileAt(other, name, dir))
    .map(({ name, dir }) => {
      const elsewhere = placesOf(other, name).find((place) => !fileAt(tree, name, place));
      return { kind, what: `${name} in ${dir}`, ...(elsewhere !== undefined && { elsewhere }) };
    });
}
