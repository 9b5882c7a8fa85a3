/** As templates name the field in `ui:field`. */
export const gpuFitFieldName = 'FairwayGpuFit';
