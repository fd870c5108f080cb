/** The models: the packages of mljs behind one interface. */
import { DecisionTreeClassifier, DecisionTreeRegression } from 'ml-cart';
import KNN from 'ml-knn';
import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import { GaussianNB } from 'ml-naivebayes';
import { RandomForestClassifier, RandomForestRegression } from 'ml-random-forest';
import MultivariateLinearRegression from 'ml-regression-multivariate-linear';
import type { Pipeline } from './choices.ts';
import { PipelineError } from './fault.ts';
import { mean } from './metrics.ts';
import type { Rows } from './prepare.ts';

/** One value or class per row. */
export type Predict = (rows: Rows) => number[];

export interface Fit {
  readonly rows: Rows;
  readonly targets: readonly number[];
  /** 0 where a number is to be predicted. */
  readonly classes: number;
  readonly pipeline: Pipeline;
  /** A 32-bit integer. */
  readonly seed: number;
  /** To be called now and then; throws when time is up. */
  readonly checkTime: () => void;
}

/**
 * Trains the model that the pipeline names.
 * @throws PipelineError `kind` if it does not predict numbers, and the prediction `degenerate` if a row
 * gets none: a class without spread in a column, or sums that overflow.
 */
export function fitModel(fit: Fit): Predict {
  const predict = MODELS[fit.pipeline.model](fit);
  return (rows) => checked(predict(rows), rows.length);
}

const MODELS: Readonly<Record<Pipeline['model'], (fit: Fit) => (rows: Rows) => unknown>> = {
  linear: (fit) => (fit.classes > 0 ? logistic(fit) : ridge(fit)),
  neighbours,
  tree,
  forest,
  bayes,
  boosting,
};

function checked(predicted: unknown, count: number): number[] {
  const numbers = Array.isArray(predicted) ? predicted.map(Number) : [];
  const placed = numbers.every((value) => Number.isFinite(value) && Math.abs(value) < 1e12);
  if (numbers.length !== count || !placed) throw new PipelineError('degenerate');
  return numbers;
}

/** Penalty per training row. */
const RIDGE = { weak: 1e-4, strong: 0.3 } as const;

/** Least squares with rows added that ask every coefficient to be 0: ridge regression. */
function ridge({ rows, targets, pipeline }: Fit): Predict {
  const centres = rows[0]!.map((_, column) => mean(rows.map((row) => row[column]!)));
  const level = mean(targets);
  const centred = rows.map((row) => row.map((value, i) => value - centres[i]!));
  const pull = Math.sqrt(RIDGE[pipeline.regularisation] * rows.length);
  const pulls = centres.map((_, i) => centres.map((__, j) => (i === j ? pull : 0)));
  const values = [...targets.map((value) => [value - level]), ...centres.map(() => [0])];
  const options = { intercept: false, statistics: false };
  const model = new MultivariateLinearRegression([...centred, ...pulls], values, options);
  return (asked) =>
    asked.map((row) => level + model.predict(row.map((value, i) => value - centres[i]!))[0]!);
}

/** Fewer steps of gradient descent leave smaller weights. */
const STEPS = { weak: 150, strong: 20 } as const;

function logistic({ rows, targets, pipeline }: Fit): (asked: Rows) => unknown {
  const model = new LogisticRegression({
    numSteps: STEPS[pipeline.regularisation],
    learningRate: 1 / rows.length,
  });
  const withConstant = (some: Rows): Matrix => new Matrix(some.map((row) => [...row, 1]));
  model.train(withConstant(rows), Matrix.columnVector([...targets]));
  return (asked) => model.predict(withConstant(asked));
}

/** The fewer neighbours, the finer what can be expressed. */
const NEIGHBOURS = { small: 15, medium: 5, large: 1 } as const;

function neighbours({ rows, targets, classes, pipeline }: Fit): (asked: Rows) => unknown {
  const k = Math.min(NEIGHBOURS[pipeline.size], rows.length);
  const model = new KNN(rows, targets, { k });
  if (classes > 0) return (asked) => model.predict(asked);
  return (asked) =>
    asked.map((row) => mean(model.kdTree.nearest(row, k).map(([point]) => point.at(-1)!)));
}

const DEPTH = { small: 2, medium: 4, large: 8 } as const;
const LEAF = { weak: 3, strong: 10 } as const;

function tree({ rows, targets, classes, pipeline }: Fit): (asked: Rows) => unknown {
  const options = {
    maxDepth: DEPTH[pipeline.size],
    minNumSamples: LEAF[pipeline.regularisation],
  };
  const Tree = classes > 0 ? DecisionTreeClassifier : DecisionTreeRegression;
  const model = new Tree(options);
  model.train(rows, targets);
  return (asked) => model.predict(asked);
}

const TREES = { small: 5, medium: 10, large: 20 } as const;
/** Share of the columns that each tree of a forest sees. */
const COLUMNS_SEEN = 0.7;

function forest({ rows, targets, classes, pipeline, seed }: Fit): (asked: Rows) => unknown {
  const options = {
    nEstimators: TREES[pipeline.size],
    maxFeatures: Math.max(1, Math.round(COLUMNS_SEEN * rows[0]!.length)),
    replacement: false,
    useSampleBagging: true,
    noOOB: true,
    seed,
    treeOptions: { minNumSamples: LEAF[pipeline.regularisation] },
  };
  const Forest = classes > 0 ? RandomForestClassifier : RandomForestRegression;
  const model = new Forest(options);
  model.train(mutable(rows), [...targets]);
  return (asked) => model.predict(mutable(asked));
}

function mutable(rows: Rows): number[][] {
  return rows.map((row) => [...row]);
}

function bayes({ rows, targets, classes }: Fit): (asked: Rows) => unknown {
  if (classes === 0) throw new PipelineError('kind');
  if (rows[0]!.length === 1) return bayesOfOne(rows, targets, classes);
  const model = new GaussianNB();
  model.train(rows, targets);
  // As many rows as columns and one more are refused by the package: one is asked twice.
  const ask = (asked: Rows): unknown => model.predict(asked);
  return (asked) => {
    const refused = asked.length === rows[0]!.length + 1;
    const answer = ask(refused ? [...asked, asked[0]!] : asked);
    const predicted = refused && Array.isArray(answer) ? answer.slice(0, -1) : answer;
    const unplaced = Array.isArray(predicted) && predicted.includes(-1);
    if (unplaced) throw new PipelineError('degenerate');
    return predicted;
  };
}

/** Gaussian naive Bayes on one column, which the package cannot do. */
function bayesOfOne(rows: Rows, targets: readonly number[], classes: number): Predict {
  const normals = Array.from({ length: classes }, (_, label) => {
    const own = rows.flatMap(([value], i) => (targets[i] === label ? [value!] : []));
    const centre = mean(own);
    const squares = own.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    return { centre, variance: squares / (own.length - 1), prior: own.length / rows.length };
  });
  // A class without spread has no density.
  if (normals.some(({ variance }) => !(variance > 0))) throw new PipelineError('degenerate');
  return (asked) =>
    asked.map(([value]) =>
      largest(
        normals.map(
          ({ centre, variance, prior }) =>
            Math.log(prior) - Math.log(variance) / 2 - (value! - centre) ** 2 / (2 * variance),
        ),
      ),
    );
}

const ROUNDS = { small: 5, medium: 10, large: 20 } as const;
const ROUND_DEPTH = { small: 1, medium: 2, large: 2 } as const;
const LEARNING_RATE = { weak: 0.6, strong: 0.2 } as const;

/** Least-squares boosting (Friedman 2001, LS_Boost); of a class, its indicator: the largest wins. */
function boosting(fit: Fit): Predict {
  const { targets, classes } = fit;
  if (classes === 0) return boost(fit, targets);
  // Two indicators are each other's complement.
  const boosted = Array.from({ length: classes === 2 ? 1 : classes }, (_, i) => {
    const label = classes === 2 ? 1 : i;
    return boost(
      fit,
      targets.map((target) => Number(target === label)),
    );
  });
  return (asked) => {
    const scores = boosted.map((predict) => predict(asked));
    if (classes === 2) return scores[0]!.map((score) => Number(score > 0.5));
    return asked.map((_, row) => largest(scores.map((column) => column[row]!)));
  };
}

function boost({ rows, pipeline, checkTime }: Fit, values: readonly number[]): Predict {
  const rate = LEARNING_RATE[pipeline.regularisation];
  const level = mean(values);
  const trees: ((asked: Rows) => number[])[] = [];
  let residuals = values.map((value) => value - level);
  for (let round = 0; round < ROUNDS[pipeline.size]; round++) {
    checkTime();
    const model = new DecisionTreeRegression({ maxDepth: ROUND_DEPTH[pipeline.size] });
    model.train(rows, residuals);
    const step = (asked: Rows): number[] => checked(model.predict(asked), asked.length);
    const steps = step(rows);
    residuals = residuals.map((residual, i) => residual - rate * steps[i]!);
    trees.push(step);
  }
  return (asked) => {
    const sums = asked.map(() => level);
    for (const step of trees) step(asked).forEach((value, i) => (sums[i]! += rate * value));
    return sums;
  };
}

function largest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
