package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.provision.Ownership.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What has to be written so that what is there becomes what is wanted: a pure comparison. */
public final class Applying {
  private final Ownership ownership;
  private final boolean adopts;
  private final List<Step> steps = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  private Applying(Ownership ownership, boolean adopts) {
    this.ownership = ownership;
    this.adopts = adopts;
  }

  /** One write. */
  public sealed interface Step {
    Manifest.Key key();

    record Create(Manifest.Key key, ObjectNode body) implements Step {}

    /**
     * @param body with the resource version that it was computed from
     */
    record Replace(Manifest.Key key, ObjectNode body) implements Step {}

    record Delete(Manifest.Key key) implements Step {}
  }

  /**
   * What to do.
   *
   * @param refused what is not done since it would take something from somebody: a sentence each
   */
  public record Plan(List<Step> steps, List<String> refused) {
    public Plan {
      steps = List.copyOf(steps);
      refused = List.copyOf(refused);
    }
  }

  /**
   * Compares.
   *
   * @param wanted without marks of ownership
   * @param live objects of the kinds concerned: all that carry the owner label, and those among the
   *     wanted that do not
   * @param adopts whether objects of release 0.1.0, which do not say whose they are, are this
   *     mesh's
   */
  public static Plan plan(
      Collection<Manifest> wanted,
      Map<Manifest.Key, ObjectNode> live,
      Ownership ownership,
      boolean adopts) {
    Applying applying = new Applying(ownership, adopts);
    SortedMap<Manifest.Key, ObjectNode> obsolete = new TreeMap<>(live);
    for (Manifest manifest : wanted) {
      ObjectNode there = obsolete.remove(manifest.key());
      if (there == null) {
        applying.steps.add(
            new Step.Create(manifest.key(), ThreeWay.create(ownership.mark(manifest).body())));
      } else if (!leaving(there)) {
        // What is leaving comes back when it is gone.
        applying.bring(manifest, there);
      }
    }
    obsolete.forEach(applying::release);
    return new Plan(applying.steps, applying.refused);
  }

  /** A namespace holds what others put into it: only the mesh's labels go. */
  private void release(Manifest.Key key, ObjectNode body) {
    boolean ours =
        switch (ownership.claim(key.kind(), body)) {
          case Claim.Ours _ -> true;
          case Claim.Unsigned _ -> adopts;
          case Claim.Installed _, Claim.Unmarked _, Claim.Theirs _ -> false;
        };
    if (!ours || leaving(body)) {
      return;
    }
    switch (key.kind().end()) {
      case DELETED -> steps.add(new Step.Delete(key));
      case OF_GATEWAYS -> {
        if (body.path("metadata").path("labels").has(Ownership.GATEWAY)) {
          steps.add(new Step.Delete(key));
        }
      }
      case RELEASED -> {
        ObjectNode bare = Objects.named(key.kind(), "", key.name());
        bare.withObject("/metadata").remove("labels");
        steps.add(new Step.Replace(key, ThreeWay.merge(body, bare, ThreeWay.Winner.MESH)));
      }
      case LEFT -> {}
    }
  }

  private void bring(Manifest manifest, ObjectNode there) {
    Manifest.Key key = manifest.key();
    switch (ownership.claim(key.kind(), there)) {
      case Claim.Ours _ -> replace(manifest, there);
      case Claim.Unsigned _ -> {
        if (adopts) {
          replace(manifest, there);
        } else if (!saysTheSame(manifest, there)) {
          refuse(key, "a mesh of release 0.1.0 with another root certificate");
        }
      }
      case Claim.Installed _ -> {}
      case Claim.Unmarked u -> {
        // Labels of namespaces and fields of gateway objects are shared with their users.
        if (key.kind().shared()) {
          replace(manifest, there);
        } else if (!saysTheSame(manifest, there)) {
          refuse(key, u.owner());
        }
      }
      case Claim.Theirs t -> {
        if (!saysTheSame(manifest, there)) {
          refuse(key, t.owner());
        }
      }
    }
  }

  private void refuse(Manifest.Key key, String owner) {
    refused.add(
        key
            + " is kept by "
            + owner
            + " and is left as it is; where that owner is gone, delete the object, and it is made"
            + " anew");
  }

  private void replace(Manifest manifest, ObjectNode there) {
    Manifest.Key key = manifest.key();
    ThreeWay.Winner winner =
        key.kind() == ManagedKind.ISTIO_GATEWAY ? ThreeWay.Winner.USER : ThreeWay.Winner.MESH;
    ObjectNode merged = ThreeWay.merge(there, ownership.mark(manifest).body(), winner);
    if (!merged.equals(there)) {
      steps.add(new Step.Replace(key, merged));
    }
  }

  /** Whether what is there does already what is wanted, whoever wrote it. */
  private static boolean saysTheSame(Manifest manifest, ObjectNode there) {
    ObjectNode wanted = manifest.body().deepCopy();
    Objects.labels(wanted).remove(Ownership.LABEL);
    if (manifest.key().kind() != ManagedKind.NAMESPACE) {
      wanted.withObject("/metadata").remove("labels");
    }
    return ThreeWay.covers(there, wanted);
  }

  private static boolean leaving(ObjectNode body) {
    return body.path("metadata").has("deletionTimestamp");
  }
}
