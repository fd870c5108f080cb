/** The machinery of the architecture test: what a file imports, and which rules that breaks. */
import { posix } from 'node:path';
import ts from 'typescript';

/** Path relative to `src/` → text. */
export type Sources = Readonly<Record<string, string>>;

/** A set of files under one rule. A file falls under the first rule whose pattern its path matches. */
export interface ModuleRule {
  readonly files: RegExp;
  /** Our files that it may import; its own are always allowed. */
  readonly may?: RegExp;
  /** Our files of which it may import types. Its tests may import the values too. */
  readonly types?: RegExp;
  readonly packages?: RegExp;
  readonly reason: string;
}

/** Siblings that must not import each other: the first group of the pattern tells them apart. */
export interface SiblingRule {
  readonly files: RegExp;
  readonly reason: string;
}

/** Code that must not occur in some files. */
export interface Ban {
  readonly files: RegExp;
  readonly except?: RegExp;
  /** Matched against each expression's text, spaces removed. */
  readonly expressions: RegExp;
  readonly reason: string;
}

export interface Link {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const TEST_FILE = /\.test\.tsx?$|\.testing\.tsx?$|(^|\/)testing\//;
const TEST_PACKAGES =
  /^(vitest|@vitest\/browser|fast-check|typescript|prettier|@huggingface\/tokenizers)(\/|$)|^node:/;

export function isTest(path: string): boolean {
  return TEST_FILE.test(path);
}

/** Static and dynamic imports, re-exports and `new URL('…', import.meta.url)`. */
export function linksOf(path: string, text: string): Link[] {
  const links: Link[] = [];
  visit(parse(path, text), (node) => {
    const link = linkOf(node);
    if (link) links.push(link);
  });
  return links;
}

function linkOf(node: ts.Node): Link | undefined {
  if (ts.isImportDeclaration(node)) {
    return literal(node.moduleSpecifier, importsTypesOnly(node.importClause));
  }
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal, true) : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return literal(node.arguments[0], false);
  }
  const isUrl = ts.isNewExpression(node) && node.expression.getText() === 'URL';
  if (!isUrl || node.arguments?.[1]?.getText() !== 'import.meta.url') return undefined;
  const link = literal(node.arguments[0], false);
  // A URL of code starts a worker; a URL of anything else is a file that is read.
  return link && /\.tsx?$/.test(link.specifier) ? link : undefined;
}

function literal(node: ts.Node | undefined, typeOnly: boolean): Link | undefined {
  return node && ts.isStringLiteralLike(node) ? { specifier: node.text, typeOnly } : undefined;
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** Imports that the rules do not allow. */
export function forbiddenImports(sources: Sources, rules: readonly ModuleRule[]): string[] {
  return Object.entries(sources).flatMap(([path, text]) => {
    const rule = rules.find(({ files }) => files.test(path));
    if (!rule) return [`${path} belongs to no module: add a rule for it, or move it`];
    return linksOf(path, text)
      .filter((link) => !allowed(path, link, rule))
      .map(({ specifier, typeOnly }) => {
        return `${path} imports ${typeOnly ? 'types of ' : ''}${specifier}: ${rule.reason}`;
      });
  });
}

function allowed(path: string, { specifier, typeOnly }: Link, rule: ModuleRule): boolean {
  const test = isTest(path);
  if (!specifier.startsWith('.')) {
    return matches(rule.packages, specifier) || (test && TEST_PACKAGES.test(specifier));
  }
  const target = resolve(path, specifier);
  if (isTest(target) && !test) return false;
  if (rule.files.test(target) || matches(rule.may, target)) return true;
  return (typeOnly || test) && matches(rule.types, target);
}

function matches(pattern: RegExp | undefined, text: string): boolean {
  return pattern?.test(text) ?? false;
}

/** Imports between siblings that must not import each other. */
export function siblingImports(sources: Sources, rules: readonly SiblingRule[]): string[] {
  return internalLinks(sources).flatMap(([path, target]) => {
    return rules.flatMap(({ files, reason }) => {
      const [from, to] = [files.exec(path)?.[1], files.exec(target)?.[1]];
      return from && to && from !== to ? [`${path} imports ${target}: ${reason}`] : [];
    });
  });
}

/** Each import cycle once, as the files along it. */
export function importCycles(sources: Sources): string[] {
  const targets = new Map<string, string[]>(Object.keys(sources).map((path) => [path, []]));
  for (const [path, target] of internalLinks(sources)) targets.get(path)?.push(target);
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return cycles;
}

function internalLinks(sources: Sources): [path: string, target: string][] {
  return Object.entries(sources).flatMap(([path, text]) =>
    linksOf(path, text)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }): [string, string] => [path, resolve(path, specifier)]),
  );
}

/** Files that only hand on what others declare. */
export function barrelFiles(sources: Sources): string[] {
  return Object.entries(sources)
    .filter(([path, text]) => {
      const { statements } = parse(path, text);
      const handsOn = statements.filter((s) => ts.isExportDeclaration(s) && s.moduleSpecifier);
      const star = handsOn.some((s) => ts.isExportDeclaration(s) && !s.exportClause);
      return star || (handsOn.length > 0 && handsOn.length === statements.length);
    })
    .map(([path]) => `${path} is a barrel: import from where a thing is declared`);
}

/** Occurrences of banned code. */
export function bannedCode(sources: Sources, bans: readonly Ban[]): string[] {
  return Object.entries(sources).flatMap(([path, text]) => {
    const rules = bans.filter((ban) => ban.files.test(path) && !matches(ban.except, path));
    if (rules.length === 0) return [];
    const found = new Set<string>();
    visit(parse(path, text), (node) => {
      if (!isUse(node)) return;
      const code = node.getText().replace(/\s/g, '');
      for (const { expressions, reason } of rules) {
        if (expressions.test(code)) found.add(`${path} uses ${code}: ${reason}`);
      }
    });
    return [...found];
  });
}

/** A member access, an argumentless `new`, or a name that stands for a value. */
function isUse(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return true;
  if (ts.isNewExpression(node)) return !node.arguments?.length;
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  const declares =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent);
  return !(declares && parent.name === node);
}

const parsed = new Map<string, ts.SourceFile>();

/** Each file once, however many rules look at it. */
function parse(path: string, text: string): ts.SourceFile {
  const key = `${path}\n${text}`;
  const known = parsed.get(key);
  if (known) return known;
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  parsed.set(key, file);
  return file;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function resolve(path: string, specifier: string): string {
  const file = specifier.replace(/[?#].*$/, '');
  return posix.normalize(posix.join(posix.dirname(path), file));
}
