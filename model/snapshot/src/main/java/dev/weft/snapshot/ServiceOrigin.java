package dev.weft.snapshot;

import dev.weft.config.ObjectRef;
import dev.weft.config.ServiceEntry.Resolution;
import java.util.List;

/** By what a service is there. */
public sealed interface ServiceOrigin {
  /** Services of member clusters. */
  record Clusters() implements ServiceOrigin {}

  /**
   * A ServiceEntry.
   *
   * @param addresses IP addresses and ranges by which clients in every cluster know it
   * @param external whether it is outside of the mesh, where nobody speaks the mesh's mutual TLS
   * @param subjectAltNames that its endpoints may show in TLS; empty where it says none
   */
  record Entry(
      ObjectRef object,
      List<String> addresses,
      Resolution resolution,
      boolean external,
      List<String> subjectAltNames)
      implements ServiceOrigin {
    public Entry {
      addresses = List.copyOf(addresses);
      subjectAltNames = List.copyOf(subjectAltNames);
    }
  }
}
