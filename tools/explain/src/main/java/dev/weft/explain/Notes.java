package dev.weft.explain;

import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.types.ClusterId;
import dev.weft.types.HopLabel;
import java.util.ArrayList;
import java.util.List;

/** What bears on the whole answer: names, visibility, clusters that are away. */
final class Notes {
  private Notes() {}

  /**
   * @param addresses that the name stands for
   */
  static List<String> of(
      MeshSnapshot snapshot, MeshService target, Workload client, List<String> addresses) {
    List<String> notes = new ArrayList<>();
    ClusterId here = client.key().cluster();
    if (!client.mtls() && !client.labels().containsKey(HopLabel.POD_LABEL)) {
      notes.add(
          client.key().pod()
              + " has no sidecar: it sees what its cluster's own DNS and addresses give, not what"
              + " follows here");
    }
    if (!target.clusters().contains(here)) {
      notes.add(
          snapshot.settings().dnsProxy()
              ? "there is no such Service in "
                  + here
                  + "; the sidecar's DNS answers with "
                  + (addresses.equals(List.of(target.meshVip()))
                      ? "the mesh's own address " + target.meshVip()
                      : addresses.isEmpty()
                          ? "nothing: there is no pod that it could reach"
                          : "the addresses of pods")
              : "there is no such Service in "
                  + here
                  + ", and the DNS proxy is off, so the name does not resolve; create the Service"
                  + " there, or turn the DNS proxy on");
    }
    if (!target.visibleTo(client.key().namespace())) {
      notes.add(
          "the service is not exported to namespace "
              + client.key().namespace()
              + " (annotation networking.istio.io/exportTo)");
    }
    if (target.endpoints().isEmpty()) {
      notes.add("the service has no endpoints in any cluster");
    }
    for (MemberCluster member : snapshot.clusters().values()) {
      if (!member.id().equals(here) && !target.clusters().contains(member.id())) {
        continue;
      }
      switch (member.state()) {
        case LOST ->
            notes.add(
                "what is said of "
                    + member.id()
                    + " may be old: "
                    + member.message()
                    + "; its last known state stays in force");
        case LAST_KNOWN ->
            notes.add("what is said of " + member.id() + " may be old: " + member.message());
        case SYNCING, SYNCED, REJECTED -> {}
      }
    }
    return notes;
  }
}
