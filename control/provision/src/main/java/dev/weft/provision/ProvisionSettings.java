package dev.weft.provision;

import dev.weft.config.ControlIdentity;
import dev.weft.inject.InjectionSettings;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the objects that the mesh keeps are made from.
 *
 * @param advertised where the control plane can be reached from the clusters that it does not run
 *     in: an IP address, or a host name; empty where it cannot
 * @param rootNamespace {@code istio-system}
 * @param revision of this control plane
 * @param skippedNamespaces where no trust bundle is put
 * @param proxies image, resources and environment of gateways
 * @param validationUrl where the API server of the mesh's own API reaches the validating webhook,
 *     such as {@code https://172.18.0.200:15017/validate}; empty for no such webhook
 * @param control which control plane this is
 */
public record ProvisionSettings(
    String advertised,
    String rootNamespace,
    String revision,
    Set<String> skippedNamespaces,
    InjectionSettings proxies,
    String validationUrl,
    ControlIdentity control) {
  public ProvisionSettings {
    skippedNamespaces = Collections.unmodifiableSet(new TreeSet<>(skippedNamespaces));
  }

  /** The defaults, with a hosted control plane at that address. */
  public static ProvisionSettings of(String advertised, InjectionSettings proxies) {
    return of(advertised, proxies, ControlIdentity.hosted("istio-system"));
  }

  /** The defaults, with that control plane at that address. */
  public static ProvisionSettings of(
      String advertised, InjectionSettings proxies, ControlIdentity control) {
    return new ProvisionSettings(
        advertised,
        control.rootNamespace(),
        control.revision(),
        new TreeSet<>(
            List.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage")),
        proxies,
        "",
        control);
  }

  /** The same with a validating webhook for the mesh's own API. */
  public ProvisionSettings withValidation(String url) {
    return new ProvisionSettings(
        advertised, rootNamespace, revision, skippedNamespaces, proxies, url, control);
  }

  /** The same with other pods. */
  public ProvisionSettings withProxies(InjectionSettings pods) {
    return new ProvisionSettings(
        advertised, rootNamespace, revision, skippedNamespaces, pods, validationUrl, control);
  }
}
