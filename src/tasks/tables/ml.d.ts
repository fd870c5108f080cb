/** What is used of packages that come without declarations. What they compute is checked in `models.ts`. */

declare module 'ml-cart' {
  interface TreeOptions {
    readonly maxDepth?: number;
    readonly minNumSamples?: number;
  }

  export class DecisionTreeClassifier {
    constructor(options: TreeOptions);
    train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
    predict(rows: readonly (readonly number[])[]): unknown;
  }

  export class DecisionTreeRegression {
    constructor(options: TreeOptions);
    train(rows: readonly (readonly number[])[], values: readonly number[]): void;
    predict(rows: readonly (readonly number[])[]): unknown;
  }
}

declare module 'ml-knn' {
  export default class KNN {
    constructor(
      rows: readonly (readonly number[])[],
      labels: readonly number[],
      options: { readonly k: number },
    );
    predict(rows: readonly (readonly number[])[]): unknown;
    readonly kdTree: {
      /** Pairs of a training row with its label appended, and its distance. */
      nearest(row: readonly number[], count: number): readonly (readonly [number[], number])[];
    };
  }
}

declare module 'ml-naivebayes' {
  export class GaussianNB {
    train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
    predict(rows: readonly (readonly number[])[]): unknown;
  }
}

declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  export default class LogisticRegression {
    constructor(options: { readonly numSteps: number; readonly learningRate: number });
    train(rows: Matrix, labels: Matrix): void;
    predict(rows: Matrix): unknown;
  }
}
