/** On catalog entities: the name of the service, by which deliveries, pods and alerts are found. */
export const serviceAnnotation = 'fairway.dev/service';

/** On catalog entities: the namespace of the service in its clusters. */
export const namespaceAnnotation = 'fairway.dev/namespace';
