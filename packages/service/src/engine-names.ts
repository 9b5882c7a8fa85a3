/** The engines that Fairway knows. */
export const engineNames = ['vllm', 'tgi', 'fastchat', 'transformers', 'llamacpp', 'sglang'] as const;

export type EngineName = (typeof engineNames)[number];
