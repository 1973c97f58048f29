package dev.weft.exchange;

import dev.weft.access.Claims;
import dev.weft.codec.RequestHead;
import dev.weft.routing.RequestView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request as routing sees it: slices of the received head. Confined to its connection. */
public final class HeadView implements RequestView {
  private static final String PROXIES = "x-envoy-";

  private final RequestHead head;
  private final DownstreamConnection connection;
  private final boolean edge;
  private final boolean dropUnderscores;
  private final HeadSlice authority = new HeadSlice();
  private final HeadSlice path = new HeadSlice();
  private final HeadSlice method = new HeadSlice();
  private final HeadSlice header = new HeadSlice();
  private String scheme = "http";
  private @Nullable String newPath;
  private @Nullable HeadChange change;

  /**
   * @param edge whether the client is outside, so that what proxies tell each other is not for it
   *     to say
   * @param dropUnderscores whether fields with an underscore in their name count as not there
   */
  public HeadView(
      RequestHead head, DownstreamConnection connection, boolean edge, boolean dropUnderscores) {
    this.head = head;
    this.connection = connection;
    this.edge = edge;
    this.dropUnderscores = dropUnderscores;
  }

  /** Another request begins. */
  public void reset() {
    scheme = connection.tls() ? "https" : "http";
    newPath = null;
    change = null;
  }

  /** Replaces the path that was received, after normalization. */
  public void normalized(String cleaned) {
    newPath = cleaned;
  }

  /** From now on the request is seen changed. */
  public void changed(HeadChange further) {
    change = change == null ? further : change.then(further);
    if (further.target() != null) {
      newPath = further.target();
    }
  }

  /** What filters made of the head, or null. */
  public @Nullable HeadChange change() {
    return change;
  }

  /** The path after normalization and other changes; null where it is what was received. */
  public @Nullable String normalized() {
    return newPath;
  }

  @Override
  public CharSequence authority() {
    // A client that is too old to send a host means the address that it connected to.
    return head.authorityStart() < 0
        ? connection.destinationText()
        : authority.set(head.bytes(), head.authorityStart(), head.authorityEnd());
  }

  @Override
  public CharSequence destination() {
    return connection.redirected() ? connection.destinationText() : "";
  }

  @Override
  public CharSequence path() {
    if (newPath != null) {
      return newPath;
    }
    int start = head.pathStart();
    int end = head.pathEnd();
    if (start == end || head.bytes()[start] == '?') {
      return head.path();
    }
    return path.set(head.bytes(), start, end);
  }

  @Override
  public CharSequence method() {
    return method.set(head.bytes(), head.methodStart(), head.methodEnd());
  }

  @Override
  public @Nullable Object claim(List<String> path) {
    Claims claims = change == null ? null : change.claims();
    return claims == null ? null : claims.at(path);
  }

  @Override
  public CharSequence scheme() {
    return scheme;
  }

  /** Whether the client may not have said this. */
  public boolean hidden(String lowerCaseName) {
    return edge && lowerCaseName.startsWith(PROXIES)
        || dropUnderscores && lowerCaseName.indexOf('_') >= 0;
  }

  @Override
  public @Nullable CharSequence header(String lowerCaseName) {
    HeadChange edited = change;
    if (edited != null) {
      String added = edited.added().get(lowerCaseName);
      if (added != null || edited.removed().contains(lowerCaseName)) {
        return added;
      }
    }
    int index = hidden(lowerCaseName) ? -1 : head.find(lowerCaseName, 0);
    if (index < 0) {
      return null;
    }
    return head.find(lowerCaseName, index + 1) < 0
        ? header.set(head.bytes(), head.valueStart(index), head.valueEnd(index))
        : head.value(lowerCaseName);
  }
}
