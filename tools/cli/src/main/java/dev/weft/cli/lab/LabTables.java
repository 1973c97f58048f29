package dev.weft.cli.lab;

import dev.weft.cli.output.Table;
import dev.weft.lab.supervisor.LabStatus;
import java.util.Locale;

/** How the state of a lab is shown to people. */
final class LabTables {
  private LabTables() {}

  static String overview(LabStatus status) {
    StringBuilder out = new StringBuilder();
    out.append("lab ").append(status.name()).append(": ").append(status.phase());
    if (!status.message().isEmpty()) {
      out.append(" (").append(status.message()).append(')');
    }
    if (status.phase().equals("ready")) {
      out.append(String.format(Locale.ROOT, ", up in %.1f s", status.startMillis() / 1000.0));
      out.append(status.model().isEmpty() ? ", without a mesh" : ", " + status.model());
      out.append(status.isolated() ? ", isolated networks" : ", flat network");
    }
    out.append("\n\n");
    if (status.members().isEmpty()) {
      return out.toString();
    }
    Table members =
        new Table("context", "network", "node", "pods", "services", "load balancers", "api server");
    status
        .members()
        .forEach(
            m ->
                members.row(
                    m.context(),
                    m.network(),
                    m.nodeAddress(),
                    m.podRange(),
                    m.serviceRange(),
                    String.join(",", m.loadBalancerRanges()),
                    m.server()));
    out.append(members.render()).append('\n');
    if (!status.parts().isEmpty()) {
      Table parts = new Table("part", "state", "pid", "restarts", "log");
      status
          .parts()
          .forEach(
              p ->
                  parts.row(
                      p.name(),
                      p.state(),
                      p.pid() == 0 ? "" : String.valueOf(p.pid()),
                      String.valueOf(p.restarts()),
                      p.log()));
      out.append(parts.render()).append('\n');
    }
    if (!status.forwards().isEmpty()) {
      Table forwards = new Table("cluster", "service", "address", "on this machine");
      status
          .forwards()
          .forEach(
              f ->
                  forwards.row(
                      f.cluster(),
                      f.service(),
                      f.address() + ":" + f.port(),
                      f.host() + ":" + f.hostPort()));
      out.append(forwards.render()).append('\n');
    }
    RunningLab.console(status)
        .ifPresent(
            at -> out.append("console at ").append(at).append(", with a token: weft console\n"));
    if (status.phase().equals("ready")) {
      out.append("export KUBECONFIG=").append(status.kubeconfig()).append('\n');
    }
    return out.toString();
  }
}
