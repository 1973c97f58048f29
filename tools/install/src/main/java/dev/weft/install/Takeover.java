package dev.weft.install;

import java.util.Optional;

/** Whether an object that is there already may be written: only what is ours is. */
final class Takeover {
  private Takeover() {}

  /** Why an object of a cluster stays as it is, or empty. */
  static Optional<String> refusal(KubeObject wanted, KubeObject there) {
    String owner = there.label(Marks.OWNER);
    if (owner.equals(wanted.label(Marks.OWNER))) {
      String revision = there.label(Marks.REVISION);
      return revision.equals(wanted.label(Marks.REVISION))
          ? Optional.empty()
          : Optional.of(wanted.title() + " belongs to revision " + revision + " of this mesh");
    }
    if (!owner.isEmpty()) {
      return Optional.of(wanted.title() + " belongs to the mesh of namespace " + owner);
    }
    if (!there.label(Marks.KEPT).isEmpty()) {
      return Optional.of(
          wanted.title() + " is kept by a control plane outside of this cluster (hosted mesh)");
    }
    boolean istio =
        !there.label("operator.istio.io/component").isEmpty()
            || !there.label("install.operator.istio.io/owning-resource").isEmpty()
            || !there.label("release").isEmpty();
    if (!istio) {
      // Remote secrets are made for the reader's account, and make it where it is missing.
      return wanted.label(Marks.COMPONENT).equals(Marks.BASE)
          ? Optional.empty()
          : Optional.of(wanted.title() + " was created by somebody else");
    }
    return Optional.of(wanted.title() + " belongs to an Istio");
  }

  /**
   * Why an injector of another mesh forbids this one, or empty: two that answer for the same
   * revision would both put a proxy into each pod.
   */
  static Optional<String> sameRevision(KubeObject wanted, KubeObject other) {
    boolean injectors =
        wanted.kind() == KubeKind.MUTATING_WEBHOOK_CONFIGURATION
            && other.kind() == wanted.kind()
            && other.label("app").equals("sidecar-injector");
    return injectors
            && !wanted.sameAs(other)
            && !other.label(Marks.OWNER).equals(wanted.label(Marks.OWNER))
            && answersFor(wanted).equals(answersFor(other))
        ? Optional.of(
            other.title() + " of another mesh answers for revision " + answersFor(wanted) + " too")
        : Optional.empty();
  }

  private static String answersFor(KubeObject injector) {
    String tag = injector.label(Marks.TAG);
    return tag.isEmpty() ? injector.label(Marks.REVISION) : tag;
  }
}
