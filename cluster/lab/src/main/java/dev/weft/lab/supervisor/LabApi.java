package dev.weft.lab.supervisor;

import dev.weft.apiserver.ObjectStore;

/** An API server of a lab, for the code that lays a mesh over it. */
public interface LabApi {

  /** Of the cluster, and of its kubectl context. */
  String name();

  ObjectStore store();

  /** The administrator's kubeconfig, with the address that the wan knows. A secret. */
  String wanKubeconfig();

  /**
   * The kubeconfig of a service account that may do everything, made where it is missing. A secret.
   */
  String wanKubeconfig(String namespace, String account);
}
