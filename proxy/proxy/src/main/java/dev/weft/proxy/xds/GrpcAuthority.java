package dev.weft.proxy.xds;

import dev.weft.identity.CertificateAuthority;
import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoWriter;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code istio.v1.auth.IstioCertificateService}. Confined to one loop. */
public final class GrpcAuthority implements CertificateAuthority {
  private static final String PATH = "/istio.v1.auth.IstioCertificateService/CreateCertificate";
  private static final int LIMIT_SECONDS = 10;

  private final EventLoop loop;
  private final GrpcTarget target;
  private final ServerTrust trust;
  private final Credentials credentials;
  private final Supplier<@Nullable IdentitySource> identities;

  /**
   * A client.
   *
   * @param identities whose certificate is shown where no token is; asked at each call
   */
  public GrpcAuthority(
      EventLoop loop,
      GrpcTarget target,
      ServerTrust trust,
      Credentials credentials,
      Supplier<@Nullable IdentitySource> identities) {
    this.loop = loop;
    this.target = target;
    this.trust = trust;
    this.credentials = credentials;
    this.identities = identities;
  }

  @Override
  public void sign(String requestPem, long seconds, boolean withToken, Consumer<Answer> answer) {
    IdentitySource source = identities.get();
    WorkloadIdentity identity = withToken || source == null ? null : source.current();
    GrpcCall call;
    try {
      call =
          new GrpcCall(
              loop,
              target,
              target.tls() ? trust.client(target.serverName(), identity) : null,
              PATH,
              credentials.metadata(withToken),
              new Reply(answer));
    } catch (TrustException e) {
      answer.accept(new Answer.Failed(String.valueOf(e.getMessage()), false));
      return;
    }
    call.send(new ProtoWriter().text(1, requestPem).number(3, seconds).toBytes());
    call.halfClose();
    call.start();
    loop.schedule(
        () -> call.cancel("no answer within " + LIMIT_SECONDS + " s"),
        LIMIT_SECONDS,
        TimeUnit.SECONDS);
  }

  private static final class Reply implements GrpcCall.Handler {
    private final Consumer<Answer> answer;
    private final List<String> chain = new ArrayList<>();

    Reply(Consumer<Answer> answer) {
      this.answer = answer;
    }

    @Override
    public void opened() {}

    @Override
    public void message(byte[] message) {
      chain.addAll(ProtoFields.of(message, "").texts(1));
    }

    @Override
    public void closed(GrpcStatus status) {
      answer.accept(
          status.code() == GrpcStatus.OK && !chain.isEmpty()
              ? new Answer.Signed(List.copyOf(chain))
              : new Answer.Failed(status.toString(), status.isRefusal()));
    }
  }
}
