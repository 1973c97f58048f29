package dev.weft.control;

import dev.weft.ca.CertificateService;
import dev.weft.xds.ca.IstioCertificateRequest;
import dev.weft.xds.ca.IstioCertificateResponse;
import dev.weft.xds.ca.IstioCertificateServiceGrpc;
import io.grpc.stub.StreamObserver;

/**
 * The certificate service of the moment: when the life of certificates is changed in the mesh
 * settings, another takes over without a new connection.
 */
final class CurrentCertificateService
    extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase {
  private volatile CertificateService current;

  CurrentCertificateService(CertificateService first) {
    this.current = first;
  }

  void become(CertificateService next) {
    current = next;
  }

  @Override
  public void createCertificate(
      IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> answer) {
    current.createCertificate(request, answer);
  }
}
