/** Names of services and namespaces: labels of RFC 1123, which have no slash, so that namespace/name is read in one way. */
export const labelName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
