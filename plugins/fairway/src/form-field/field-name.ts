/** As templates name the fields in `ui:field`. */
export const gpuFitFieldName = 'FairwayGpuFit';
export const modelFieldName = 'FairwayModel';
