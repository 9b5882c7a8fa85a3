/** The engines that Fairway knows. */
export const engineNames = ['vllm', 'tgi', 'fastchat', 'transformers', 'llamacpp'] as const;

export type EngineName = (typeof engineNames)[number];
