package dev.weft.proxy.xds;

import dev.weft.runtime.Cluster;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.Listener;
import dev.weft.runtime.PeerTrust;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.SecretName;
import dev.weft.runtime.UpstreamTransport;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The secrets that listeners and clusters ask the control plane for. */
final class SecretNames {
  private SecretNames() {}

  static Set<String> of(RuntimeConfig config) {
    Set<String> names = new TreeSet<>();
    for (Listener listener : config.listeners().values()) {
      listener.allChains().forEach(chain -> add(chain, names));
    }
    for (Cluster cluster : config.clusters().values()) {
      add(cluster.transport(), names);
      cluster.transports().forEach(match -> add(match.transport(), names));
    }
    return names;
  }

  private static void add(UpstreamTransport transport, Set<String> names) {
    if (transport instanceof UpstreamTransport.Tls tls) {
      add(tls.certSecret(), tls.trust(), names);
    }
  }

  private static void add(FilterChain chain, Set<String> names) {
    if (chain.tls() instanceof DownstreamTls.Terminate tls) {
      add(tls.certSecret(), tls.trust(), names);
    }
  }

  private static void add(@Nullable String certificate, PeerTrust trust, Set<String> names) {
    if (certificate != null && SecretName.handedOut(certificate)) {
      names.add(certificate);
    }
    if (trust instanceof PeerTrust.Secret secret && SecretName.handedOut(secret.rootSecret())) {
      names.add(secret.rootSecret());
    }
  }
}
