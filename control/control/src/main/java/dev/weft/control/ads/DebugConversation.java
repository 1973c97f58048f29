package dev.weft.control.ads;

import com.google.protobuf.Any;
import com.google.protobuf.MessageLite;
import dev.weft.types.SpiffeId;
import dev.weft.xds.StreamForm;
import dev.weft.xds.StreamMessage;
import io.envoyproxy.envoy.config.core.v3.ControlPlane;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one stream asks the {@link DebugDesk}. Confined to its connection, but for {@link #answer}.
 */
final class DebugConversation {
  private static final Logger LOG = LoggerFactory.getLogger(DebugConversation.class);

  private final DebugDesk desk;
  private final Optional<SpiffeId> identity;
  // Of the last answer, until it is confirmed: tools make one up for their first question.
  private String nonce = "";
  private long answers;
  private boolean nextDue;

  /** A question and what is to be said to it. */
  record Reply(DebugDesk.Question question, DebugDesk.Answer answer) {}

  DebugConversation(DebugDesk desk, Optional<SpiffeId> identity) {
    this.desk = desk;
    this.identity = identity;
  }

  /** Whether a request is one of ours. */
  static boolean concerns(String type) {
    return type.startsWith(DebugDesk.TYPE);
  }

  /** Empty where the request does no more than confirm an answer. */
  Optional<DebugDesk.Question> question(DiscoveryRequest request) {
    return confirms(request.getResponseNonce())
        ? Optional.empty()
        : Optional.of(new DebugDesk.Question(request.getTypeUrl(), request.getResourceNamesList()));
  }

  /** Empty where the request does no more than confirm an answer. */
  Optional<DebugDesk.Question> question(DeltaDiscoveryRequest request) {
    return confirms(request.getResponseNonce())
        ? Optional.empty()
        : Optional.of(
            new DebugDesk.Question(request.getTypeUrl(), request.getResourceNamesSubscribeList()));
  }

  private boolean confirms(String answered) {
    boolean last = !answered.isEmpty() && answered.equals(nonce);
    if (last) {
      nonce = "";
    }
    return last;
  }

  /** Any thread; may take its time. */
  Reply answer(DebugDesk.Question question) {
    try {
      return new Reply(question, desk.answer(question, identity));
    } catch (RuntimeException e) {
      LOG.error("{} {} cannot be answered", question.type(), question.names(), e);
      return new Reply(
          question,
          new DebugDesk.Answer.Refused(
              Status.INTERNAL.withDescription("the control plane failed; see its log")));
    }
  }

  /** Sends the reply; false where it ends the stream. */
  boolean say(Reply reply, Outlet outlet) {
    switch (reply.answer()) {
      case DebugDesk.Answer.Refused(Status status) -> {
        LOG.warn(
            "{} {} asked by {} is refused: {}",
            reply.question().type(),
            reply.question().names(),
            identity.map(SpiffeId::uri).orElse("our own pod"),
            status.getDescription());
        outlet.end(status);
        return false;
      }
      case DebugDesk.Answer.Found found -> {
        outlet.send(response(outlet.form(), reply.question(), found));
        nextDue = true;
        takeNext(outlet);
        return true;
      }
    }
  }

  /** Takes the next question, as soon as the client reads its answers. */
  void takeNext(Outlet outlet) {
    if (nextDue && outlet.observer().isReady()) {
      nextDue = false;
      outlet.observer().request(1);
    }
  }

  private StreamMessage response(
      StreamForm form, DebugDesk.Question question, DebugDesk.Answer.Found found) {
    nonce = "debug-" + ++answers;
    ControlPlane control = ControlPlane.newBuilder().setIdentifier(found.controlPlane()).build();
    return new Whole(
        switch (form) {
          case STATE_OF_THE_WORLD ->
              DiscoveryResponse.newBuilder()
                  .setTypeUrl(question.type())
                  .setNonce(nonce)
                  .setControlPlane(control)
                  .addAllResources(found.resources())
                  .build();
          case INCREMENTAL ->
              DeltaDiscoveryResponse.newBuilder()
                  .setTypeUrl(question.type())
                  .setNonce(nonce)
                  .setControlPlane(control)
                  .addAllResources(named(question, found.resources()))
                  .build();
        });
  }

  private static List<Resource> named(DebugDesk.Question question, List<Any> resources) {
    String name = question.names().isEmpty() ? "" : question.names().getFirst();
    return resources.stream()
        .map(any -> Resource.newBuilder().setName(name).setResource(any).build())
        .toList();
  }

  /** A message as protobuf writes it. */
  private record Whole(MessageLite message) implements StreamMessage {
    @Override
    public int size() {
      return message.getSerializedSize();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      message.writeTo(out);
    }
  }
}
