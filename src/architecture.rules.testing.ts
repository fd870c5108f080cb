/** Which files may import what, and why: the table that architecture.test.ts holds the code to. */
import type { Ban, ModuleRule, SiblingRule } from './architecture.testing.ts';

/** Where a file lies is not what is in it: composition roots tell the engine where its binaries are. */
export const ADDRESS_OF_WASM = /\.wasm\?url$/;

/** Which files may import what; a file falls under the first rule whose pattern its path matches. */
export const MODULE_RULES: readonly ModuleRule[] = [
  {
    files: /^architecture\./,
    reason: 'this test reads the files as text and imports none of them',
  },
  {
    files: /^base\//,
    packages: /^pure-rand\/|^fflate$/,
    reason: 'base knows nothing of the rest, so that anything may rest on it',
  },
  {
    files: /^schema\//,
    may: /^base\/|^tasks\/manifests?\.ts$/,
    reason:
      'what can be turned and watched is declared without knowing who turns or watches; of domains it knows what they say of themselves, which options and weights derive from',
  },
  {
    files: /^tasks\/([^/]+\/)?manifests?\.ts$/,
    reason:
      'what a domain says of itself is on every page and in every worker: plain data, nothing that computes or draws',
  },
  {
    files: /^tasks\/new-domain\.test\.ts$/,
    may: /^(base|schema|tasks)\/|^runs\/base-checkpoints\.ts$/,
    packages: /^react$|^react-dom\/server$/,
    reason: 'all that derives from a list of domains is shown with one domain more',
  },
  {
    files: /^tasks\/(.*\/)?(view|views|attempt-view)\.(test\.)?tsx?$/,
    may: /^(base|schema|tasks)\//,
    packages: /^(react|valibot)(\/|$)|^react-dom\/server$/,
    reason: 'how a domain looks belongs to the domain; it knows nothing of the page around it',
  },
  {
    files: /^tasks\/(?!(.*\/)?(view|views|attempt-view)\.)/,
    may: /^(base|schema)\//,
    packages: /^valibot$|^@jsonjoy\.com\/fs-core$|^papaparse$|^ml-/,
    reason: 'a domain runs in a worker and in Node: it knows neither the algorithm nor a page',
  },
  {
    files: /^exit\//,
    may: /^(base|schema)\/|^tasks\/task\.ts$|^model\/policy\.ts$/,
    packages: /^valibot$/,
    reason: 'the algorithm sees a task and a policy through their interfaces only',
  },
  {
    files: /^model\/(policy|parameters|rope|backend)\.ts$/,
    may: /^(base|schema)\/|^model\/policy\.ts$/,
    reason: 'the interface of a policy must not depend on an engine',
  },
  {
    files: /^model\/engine(-turns|-device\.browser)?(\.test)?\.ts$/,
    may: /^(base|model)\//,
    reason: 'one place knows all engines and starts the one that is needed',
  },
  {
    files: /^model\/backends\/tfjs\//,
    may: /^(base|schema)\/|^model\/(policy|parameters|rope)\.ts$/,
    packages: /^@tensorflow\//,
    reason: 'the numerics know nothing of what they are used for',
  },
  {
    files: /^model\/fused\//,
    may: /^base\/|^model\/(policy|parameters|rope)\.ts$/,
    reason: 'the decoder is a list of kernel calls: it knows no device and no library',
  },
  {
    files: /^model\/parallel\//,
    may: /^base\/|^model\/(policy\.ts|fused\/)/,
    reason: 'replicas share work through an interface: where they live is the worker’s business',
  },
  {
    files: /^model\/backends\/(wasm|webgpu)\//,
    may: /^base\/|^model\/(policy|parameters)\.ts$|^model\/fused\/|scripts\/kernels\.mjs$/,
    packages: /^node:/,
    reason: 'a device implements kernels and knows no other device',
  },
  {
    files: /^runs\/(index|recording)\/.*\.(test|testing)\.ts$/,
    may: /^(base|schema|exit|runs|training)\/|^tasks\/(?!.*view)/,
    types: /^worker\//,
    packages: /^node:zlib$/,
    reason: 'records that are asked and replayed in tests come from real runs',
  },
  {
    files: /^runs\/index\//,
    may: /^(base|schema|exit)\/|^tasks\/(task|mixture)\.ts$/,
    reason: 'what can be asked of a run’s past is answered from records, without an engine',
  },
  {
    files: /^runs\/recording\//,
    may: /^(base|schema)\/|^tasks\/task\.ts$|^runs\/(index\/|(column-)?checks\.ts$)/,
    types: /^(exit|training)\//,
    packages: /^valibot$/,
    reason: 'a recording plays before an engine is there: it must stay light',
  },
  {
    files: /^runs\/store\/.*\.(test|testing)\.ts$/,
    may: /^(base|schema|runs|training)\//,
    reason: 'a store is tested with runs that were trained',
  },
  {
    files: /^runs\/store\/drivers\/node-folder\.ts$/,
    may: /^runs\//,
    packages: /^node:/,
    reason:
      'of the store, one file knows the file system of Node, so that a page can do without it',
  },
  {
    files: /^runs\/store\/drivers\/indexed-db\.ts$/,
    may: /^runs\//,
    packages: /^idb$/,
    reason: 'of the store, one file knows the database of a browser, which Node has not',
  },
  {
    files: /^runs\/text-tokenizer\.ts$/,
    may: /^base\/|^runs\/checks\.ts$/,
    types: /^model\/policy\.ts$|^runs\/checkpoint\.ts$/,
    packages: /^(@huggingface\/(jinja|tokenizers)|valibot)$/,
    reason:
      'of the files of a run, one needs the libraries that read tokenizers of pretrained models: whoever reads other files must not load them',
  },
  {
    files: /^runs\//,
    may: /^(base|schema)\/|^tasks\/manifests?\.ts$|^model\/parameters\.ts$/,
    types: /^exit\/|^model\/policy\.ts$|^tasks\/task\.ts$/,
    packages: /^(fflate|valibot)$/,
    reason:
      'files are read and written without running anything: types of the rest are enough, and the list of a policy’s tensors',
  },
  {
    files: /^exports\/.*\.test\.ts$/,
    may: /^(base|schema|exit|runs|model|training|exports)\/|^tasks\/(?!.*view)/,
    packages: /^onnxruntime-web\/|^pbf$|^papaparse$/,
    reason: 'exports are read back by the programs they are meant for, and compared with a run',
  },
  {
    files: /^exports\/trl\//,
    may: /^(base|schema|runs|exports)\/|^exit\/(buffer|parse-state|reward)\.ts$|^tasks\/(?!.*view)/,
    types: /^exit\//,
    packages: /^valibot$/,
    reason: 'a trainer elsewhere is given prompts and grades, which domains write',
  },
  {
    files: /^exports\//,
    may: /^(base|schema|runs|exports)\/|^exit\/(buffer|parse-state)\.ts$|^model\/(parameters|rope)\.ts$/,
    types: /^exit\/|^model\/policy\.ts$/,
    packages: /^(pbf|papaparse|@huggingface\/hub)$/,
    reason: 'files of other programs are made of a run’s own files, without an engine or a domain',
  },
  {
    files: /^golden\//,
    may: /^(base|schema|exit|runs|model)\//,
    packages: /^node:|^valibot$|\.wasm\?url$/,
    reason: 'the checks against an independent implementation reach the numerics, not the app',
  },
  {
    files: /^training\//,
    may: /^(base|schema|exit|runs|model)\/|^tasks\/(?!.*view)/,
    reason:
      'a run is trained in a worker and in Node alike: it knows no page, no port and no command line',
  },
  {
    files: /^experiments\/(job|held-out)\.test\.ts$|^experiments\/executors\/.*\.test\.ts$/,
    may: /^(base|schema|training|experiments)\//,
    types: /^exit\/curves\.ts$/,
    packages: /^node:/,
    reason: 'a job is tested by running it, and a folder by writing one',
  },
  {
    files: /^experiments\/(job|held-out|learning-curve)\.ts$/,
    may: /^(base|schema|exit|runs|training|experiments)\/(?!executors\/)|^tasks\/(?!.*view)/,
    packages: /^valibot$/,
    reason: 'a job trains and evaluates as a run does, wherever it is run',
  },
  {
    files: /^experiments\/executors\/(?!(worker|job-server)\.)/,
    may: /^(base|schema|experiments)\//,
    types: /^training\//,
    packages: /^(node:|valibot$)/,
    reason: 'processes and folders are Node’s: who plans and analyses must not need them',
  },
  {
    files: /^experiments\/executors\/worker\.ts$/,
    types: /^experiments\/(?!executors\/)/,
    reason: 'a page hands jobs to workers: neither Node nor what runs a job may come along',
  },
  {
    files: /^experiments\/executors\/job-server\.ts$/,
    may: /^experiments\/(?!executors\/)/,
    reason: 'a worker of a page runs jobs: nothing of Node may come along',
  },
  {
    files: /^experiments\//,
    may: /^(base|schema)\/|^experiments\/(?!executors\/)|^tasks\/(?!.*view)/,
    packages: /^valibot$/,
    reason:
      'plan, statistics, tables and plots know neither who runs jobs nor where results are kept',
  },
  {
    files: /^fuzz\//,
    may: /^(base|schema|exit|runs|training)\/|^tasks\/(pipelines|tables)\/(?!.*view)/,
    packages: /^node:/,
    reason: 'damaged files are read as the page and the command line read them, without either',
  },
  {
    files: /^worker\/[^/]+\.(test|testing)\.ts$/,
    may: /^(base|schema|exit|runs|model|training|worker)\/|^tasks\/(?!.*view)|^experiments\/(?!executors\/(?!worker\.))/,
    reason: 'both sides of the wire are tested together, without a page',
  },
  {
    files: /^worker\/experiment-protocol\.ts$/,
    types: /^experiments\/(?!executors\/)/,
    packages: /^valibot$/,
    reason: 'messages are types and their checks, known to both sides, knowing neither',
  },
  {
    files: /^worker\/experiment-client\.ts$/,
    may: /^worker\/(wire|experiment-protocol)\.ts$|^experiments\/result\.ts$/,
    types: /^experiments\/(executors\/worker\.ts$|(?!executors\/))/,
    reason: 'the page must not pull the engine into its own bundle: it reads files of results',
  },
  {
    files: /^worker\/experiment-server\.ts$/,
    may: /^worker\/(wire|experiment-protocol)\.ts$|^experiments\/(executors\/job-server\.ts$|(?!executors\/))/,
    reason:
      'a worker of an experiment plans, runs jobs and makes tables, whatever port it is asked by',
  },
  {
    files: /^worker\/experiment\.worker\.ts$/,
    may: /^worker\/(experiment-server|fetch-bytes)\.ts$/,
    reason: 'the entry point says where files are and what time it is, and nothing else',
  },
  {
    files: /^worker\/fetch-bytes\.ts$/,
    reason: 'files of the page’s server, for whichever worker asks',
  },
  {
    files: /^worker\/(protocol|wire)\.ts$/,
    types:
      /^(base|schema|exit|training|runs)\/|^model\/(policy|backend)\.ts$|^tasks\/task\.ts$|^worker\//,
    may: /^schema\//,
    packages: /^valibot$/,
    reason: 'messages are types and their checks, known to both sides, knowing neither',
  },
  {
    files: /^worker\/calls\.ts$/,
    may: /^worker\/wire\.ts$/,
    packages: /^valibot$/,
    reason: 'calls between workers know neither who calls nor what for',
  },
  {
    files: /^worker\/client\.ts$/,
    types: /^worker\/protocol\.ts$/,
    may: /^worker\/wire\.ts$/,
    reason: 'the page must not pull the engine into its own bundle',
  },
  {
    files: /^worker\/restartable-client\.ts$/,
    types: /^worker\/protocol\.ts$/,
    may: /^worker\/(client|wire)\.ts$/,
    reason: 'another worker takes the place of one that ended, behind the same client',
  },
  {
    files: /^worker\/runs(-service|-methods|-hub|\.worker)\.ts$/,
    may: /^(schema|runs|exports)\/|^worker\/(calls|browser-store)\.ts$/,
    reason:
      'the list of runs is answered, and a run exported, beside the training, without an engine',
  },
  {
    files: /^worker\/train\.worker\.ts$/,
    may: /^(base|schema|exit|model|runs|training)\/|^tasks\/(?!.*view)|^worker\/(?!client)/,
    packages: ADDRESS_OF_WASM,
    reason: 'the worker composes the session with its engine and a port; it knows no page',
  },
  {
    files: /^worker\/replica\.worker\.ts$/,
    may: /^model\/|^worker\/calls\.ts$/,
    reason: 'a replica knows its weights and who calls it, and nothing of runs',
  },
  {
    files: /^worker\/replay\.worker\.ts$/,
    may: /^tasks\/(locks\/(?!.*view)|registry\.ts$)|^worker\/(wire|replay)\.ts$/,
    reason:
      'a recording plays before an engine is there: it must stay light; what tells its tasks in words is fetched after',
  },
  {
    files: /^worker\/browser-(store|models)\.ts$/,
    may: /^runs\/((store|hub)\/|(checks|model-files|model-store)\.ts$)|^worker\/browser-models\.ts$/,
    reason:
      'one place knows where a browser keeps runs, one models; whoever trains or lists them is handed the store',
  },
  {
    files:
      /^worker\/(trainer(-turns)?|turns|models|failure|building|past|recorded|run-keeper|replay|(archive|session)-handlers)\.ts$/,
    may: /^(base|schema|exit|runs|training)\/|^tasks\/(?!.*view)/,
    types: /^worker\/(protocol|wire)\.ts$/,
    reason: 'commands are answered whatever port they come through',
  },
  {
    files: /^app\/comparison(\.test)?\.ts$/,
    may: /^(base|schema|app)\/|^experiments\/(executors\/worker|result|schedule)\.ts$/,
    types: /^(experiments|worker)\//,
    packages: /^zustand\//,
    reason:
      'the page schedules jobs and reads their files; what plans, runs and judges comes with a worker',
  },
  {
    files: /^app\//,
    may: /^(base|schema)\/|^worker\/client\.ts$/,
    types: /^(exit|runs|exports|worker|training|experiments)\/|^tasks\/task\.ts$/,
    packages: /^(zustand|react)(\/|$)/,
    reason: 'state of the page hears from the worker through the client only',
  },
  {
    files: /^ui\//,
    may: /^(base|schema|app)\/|^tasks\/(views|manifests?)\.ts$|^exports\/target-names\.ts$/,
    types: /^(exit|worker|runs|training|experiments)\/|^tasks\/(task|manifest|attempt-view)\.ts$/,
    packages: /^(react|react-dom|recharts|zustand)(\/|$)/,
    reason: 'the page shows the store; domains reach it through tasks/views.ts and their manifests',
  },
  {
    files: /^main\.tsx$/,
    may: /^(schema|app|ui)\/|^worker\/((restartable-|experiment-)?client|calls|runs-methods|(train|replay|runs|experiment)\.worker)\.ts$/,
    packages: /^(react|react-dom)(\/|$)/,
    reason: 'the composition root of the page puts the store, the client and the page together',
  },
  {
    files: /^node\//,
    may: /^(base|schema|runs|training)\//,
    packages: /^node:|^webgpu$/,
    reason:
      'what only Node has (arguments, files, signals) serves the command line and the bench alike, and knows neither',
  },
  {
    files: /^cli\/commands\.ts$/,
    may: /^(cli|node)\/|^bench\/bench\.ts$/,
    reason:
      'the table of the program names the module of each command; of the bench nothing else knows',
  },
  {
    files: /^cli\//,
    may: /^(base|schema|runs|exports|golden|training|node|experiments)\/|^model\/(engine|parameters)\.ts$/,
    types: /^(exit|tasks|worker|model)\//,
    packages: /^node:|^(cli-progress|prettier)$/,
    reason: 'the command line composes the same session as the worker, without a page',
  },
  {
    files: /^bench\//,
    may: /^(base|schema|model|training|node)\/|^exports\/onnx\/|^worker\/(calls|replica\.worker)\.ts$|scripts\/chromium\.mjs$/,
    packages:
      /^@tensorflow\/|^@jax-js\/|^onnxruntime-web\/|^node:|^(playwright|prettier|valibot|vite)$/,
    reason: 'engines are measured side by side through the interfaces that the app uses',
  },
];

export const SIBLING_RULES: readonly SiblingRule[] = [
  {
    files: /^model\/backends\/(tfjs|wasm|webgpu)\//,
    reason: 'an engine can be deleted without touching another: share through fused/',
  },
  {
    files: /^tasks\/((?!tables\/)[^/]+)\//,
    reason: 'a domain is one folder that can be deleted without touching another: share tables/',
  },
  {
    files: /^ui\/panels\/([^/]+)\//,
    reason: 'a panel can be moved or deleted without touching another: share through charts/',
  },
];

export const BANS: readonly Ban[] = [
  {
    files: /^(base|schema|tasks|exit|model|runs|training|experiments)\//,
    except: /\.test\.|\.testing\./,
    expressions: /^(Math\.random|Date\.now|newDate\(\)|crypto\.(randomUUID|getRandomValues))$/,
    reason: 'the same seed must give the same run: take an Rng, or the time as an argument',
  },
  {
    files:
      /^worker\/(?!(train|replica|replay|runs|experiment)\.worker|wire|client)|^(base|schema|exit|runs|training)\/|^model\/policy\.ts/,
    except: /\.test\.|\.worker\.testing\./,
    expressions: /^(self|window|document|localStorage|postMessage|HTMLElement)$/,
    reason: 'this also runs in Node, where there is neither a page nor a worker',
  },
  {
    files: /./,
    except:
      /^worker\/wire(\.test)?\.ts$|^tasks\/pipelines\/scorer(\.worker)?\.ts$|\.test\.|\.testing\./,
    expressions: /^(postMessage|\w+\.postMessage|(e|ev|evt|event|message)\.data)$/,
    reason: 'messages pass worker/wire.ts, where they are checked; a domain checks its workers',
  },
];
