package dev.weft.cli.reach;

/**
 * A pod as people name it: {@code POD}, {@code POD.NAMESPACE}, {@code NAMESPACE/POD} or {@code
 * deploy/NAME}.
 */
public record PodName(String namespace, String name, boolean deployment) {

  /** Reads the forms that istioctl and kubectl take. */
  public static PodName parse(String text, String defaultNamespace) {
    String rest = text;
    String namespace = defaultNamespace;
    boolean deployment = false;
    int dot = rest.lastIndexOf('.');
    if (dot > 0) {
      namespace = rest.substring(dot + 1);
      rest = rest.substring(0, dot);
    }
    int slash = rest.indexOf('/');
    if (slash > 0) {
      String head = rest.substring(0, slash);
      rest = rest.substring(slash + 1);
      switch (head) {
        case "deploy", "deployment", "deployments" -> deployment = true;
        case "pod", "pods", "po" -> {}
        default -> namespace = head;
      }
    }
    return new PodName(namespace, rest, deployment);
  }
}
