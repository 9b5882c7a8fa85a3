/** On catalog entities: the name of the service, by which deliveries, pods and alerts are found. @public */
export const serviceAnnotation = 'fairway.dev/service';

/** On catalog entities: the namespace of the service in its clusters. @public */
export const namespaceAnnotation = 'fairway.dev/namespace';
