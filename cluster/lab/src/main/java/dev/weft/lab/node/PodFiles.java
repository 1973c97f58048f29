package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.List;

/** The files about names that every pod has. */
final class PodFiles {
  private PodFiles() {}

  /** {@code dnsPolicy} Default means the cluster DNS too: the machine's own is out of reach. */
  static String resolvConf(PodSpec pod, String dnsAddress) {
    JsonNode config = pod.spec().path("dnsConfig");
    boolean own = pod.spec().path("dnsPolicy").asText("ClusterFirst").equals("None");
    List<String> servers = new ArrayList<>();
    List<String> searches = new ArrayList<>();
    List<String> options = new ArrayList<>();
    if (!own) {
      servers.add(dnsAddress);
      searches.add(pod.namespace() + ".svc.cluster.local");
      searches.add("svc.cluster.local");
      searches.add("cluster.local");
      options.add("ndots:5");
    }
    servers.addAll(Trees.texts(config.path("nameservers")));
    searches.addAll(Trees.texts(config.path("searches")));
    for (JsonNode option : config.path("options")) {
      String name = option.path("name").asText();
      options.removeIf(each -> each.startsWith(name + ":"));
      options.add(option.has("value") ? name + ":" + option.path("value").asText() : name);
    }
    StringBuilder out = new StringBuilder();
    servers.forEach(each -> out.append("nameserver ").append(each).append('\n'));
    if (!searches.isEmpty()) {
      out.append("search ").append(String.join(" ", searches)).append('\n');
    }
    if (!options.isEmpty()) {
      out.append("options ").append(String.join(" ", options)).append('\n');
    }
    return out.toString();
  }

  static String hosts(PodSpec pod, String address) {
    StringBuilder out = new StringBuilder("127.0.0.1\tlocalhost\n");
    String subdomain = pod.spec().path("subdomain").asText("");
    out.append(address).append('\t');
    if (!subdomain.isEmpty()) {
      out.append(pod.hostname()).append('.').append(subdomain).append('.');
      out.append(pod.namespace()).append(".svc.cluster.local ");
    }
    out.append(pod.hostname()).append('\n');
    for (JsonNode alias : pod.spec().path("hostAliases")) {
      out.append(alias.path("ip").asText()).append('\t');
      out.append(String.join(" ", Trees.texts(alias.path("hostnames")))).append('\n');
    }
    return out.toString();
  }
}
