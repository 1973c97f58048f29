package dev.weft.proxy.http;

import dev.weft.access.AccessDecision;
import dev.weft.access.JwtDecision;
import dev.weft.access.JwtRules;
import dev.weft.access.JwtStatus;
import dev.weft.codec.HeadOverlay;
import dev.weft.proxy.loop.ConnectionAccess;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.RequestView;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline.Forwarded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may send requests, asked before there is a route. Confined to its exchange. */
final class AccessFilters extends ConnectionAccess {
  /** Envoy's. */
  private static final int LONGEST_REALM = 256;

  private final Exchange exchange;
  private byte @Nullable [] client;
  private JwtDecision.@Nullable Passed passed;

  AccessFilters(Exchange exchange) {
    super(exchange.connection);
    this.exchange = exchange;
  }

  /** Whether the request may come in; answers it where it may not. */
  boolean admit() {
    client = null;
    passed = null;
    for (HttpFilter filter : exchange.plan.guards) {
      if (filter instanceof HttpFilter.Tokens tokens && !verify(tokens.rules())) {
        return false;
      }
      if (filter instanceof HttpFilter.Access access) {
        AccessDecision decision =
            decide(access.filter(), this, exchange.worker.observer(), exchange.plan.accessPlace);
        if (!decision.allowed()) {
          exchange.reply(403, 0, decision.details(), "RBAC: access denied");
          return false;
        }
      }
    }
    return true;
  }

  private boolean verify(JwtRules rules) {
    HeadView view = exchange.view;
    switch (rules.decide(view, exchange.worker.workload().clock().instant())) {
      case JwtDecision.Passed now -> {
        passed = now;
        view.edited(now);
        return true;
      }
      case JwtDecision.Refused(JwtStatus status) -> {
        String uri = spoken() + "://" + view.authority() + view.path();
        String challenge =
            status.challenge(uri.length() > LONGEST_REALM ? uri.substring(0, LONGEST_REALM) : uri);
        exchange.reply(
            status.answer(),
            0,
            status.details(),
            status.text(),
            List.of("www-authenticate: " + challenge));
        return false;
      }
    }
  }

  /** The scheme of the request as the client meant it, which proxies of the mesh pass on. */
  private CharSequence spoken() {
    boolean edge = exchange.plan.pipeline.forwarded().useRemoteAddress();
    CharSequence told = edge ? null : exchange.view.header("x-forwarded-proto");
    return told == null ? exchange.view.scheme() : told;
  }

  /** Makes of the head that goes on what the tokens of the request demand. */
  void edit(HeadOverlay overlay) {
    JwtDecision.Passed edits = passed;
    if (edits != null) {
      for (String name : edits.removed()) {
        overlay.remove(exchange.head, HttpPlan.ascii(name));
      }
      edits.added().forEach(overlay::add);
    }
  }

  @Override
  public @Nullable RequestView request() {
    return exchange.view;
  }

  /**
   * The last but {@code trustedHops} of those that {@code x-forwarded-for} names; whoever is at the
   * edge takes the peer for one of them. Envoy: ConnectionManagerUtility::mutateRequestHeaders.
   */
  @Override
  public byte[] clientAddress() {
    byte[] known = client;
    if (known == null) {
      known = forwarded();
      client = known;
    }
    return known;
  }

  private byte[] forwarded() {
    Forwarded rules = exchange.plan.pipeline.forwarded();
    int last = rules.useRemoteAddress() ? rules.trustedHops() - 1 : rules.trustedHops();
    CharSequence header = last < 0 ? null : exchange.view.header("x-forwarded-for");
    if (header == null) {
      return directAddress();
    }
    String[] hops = header.toString().split(",");
    int index = hops.length - 1 - last;
    String hop = index < 0 ? "" : hops[index].strip();
    return IpLiteral.is(hop) ? IpLiteral.parse(hop) : directAddress();
  }
}
