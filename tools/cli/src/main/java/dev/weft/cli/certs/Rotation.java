package dev.weft.cli.certs;

import dev.weft.ca.CaEntries;
import dev.weft.ca.SigningIdentity;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The way of one cluster's CA from an old root to a new one. What is in force says how far it is,
 * so it can be left and taken up again at any place.
 */
final class Rotation {

  /** How far it is. */
  enum State {
    /** The new root is not trusted yet. */
    OLD,
    /** Both roots are trusted, the old CA signs. */
    BOTH,
    /** Both roots are trusted, the new CA signs. */
    NEW_SIGNS,
    /** The old root is forgotten. */
    NEW
  }

  private Rotation() {}

  static State state(SigningIdentity current, SigningIdentity target) {
    boolean knows = current.roots().containsAll(target.roots());
    boolean only = target.roots().containsAll(current.roots());
    if (!current.certificate().equals(target.certificate())) {
      return knows ? State.BOTH : State.OLD;
    }
    return knows && only ? State.NEW : State.NEW_SIGNS;
  }

  /** The Secret of the next step; the target where there is none. */
  static CaEntries next(SigningIdentity current, SigningIdentity target) {
    return switch (state(current, target)) {
      case OLD ->
          new SigningIdentity(current.key(), current.chain(), both(current, target)).entries();
      case BOTH -> new SigningIdentity(target.key(), target.chain(), current.roots()).entries();
      case NEW_SIGNS, NEW -> target.entries();
    };
  }

  private static List<X509Certificate> both(SigningIdentity current, SigningIdentity target) {
    Set<X509Certificate> roots = new LinkedHashSet<>(current.roots());
    roots.addAll(target.roots());
    return List.copyOf(roots);
  }
}
