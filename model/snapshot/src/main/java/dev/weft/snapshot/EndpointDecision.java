package dev.weft.snapshot;

import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.util.List;

/** What becomes of endpoints of a service for one client, and why. */
public sealed interface EndpointDecision {

  /** Why, as a sentence for people. */
  String sentence();

  /**
   * The client dials the endpoint itself.
   *
   * @param mtls whether it is dialled with mutual TLS where the client decides by endpoint
   * @param weight at least 1
   */
  record Direct(ServiceEndpoint endpoint, HostPort address, boolean mtls, int weight, Cause cause)
      implements EndpointDecision {

    /** Why it can be dialled. */
    public enum Cause {
      SAME_NETWORK,
      /** One of the two networks has no name. */
      UNNAMED_NETWORK,
      /** There is no gateway for its network, and the mesh is told to do as Istio does. */
      ISTIO_COMPATIBILITY
    }

    @Override
    public String sentence() {
      String how = mtls ? " with mutual TLS" : " in plain text";
      return endpoint.name()
          + " in "
          + endpoint.cluster()
          + " is dialled directly at "
          + address
          + how
          + switch (cause) {
            case SAME_NETWORK -> ": same network" + named(endpoint.network());
            case UNNAMED_NETWORK ->
                ": the network of the client or of the endpoint has no name, so they count as one";
            case ISTIO_COMPATIBILITY ->
                ": no gateway is known for its network"
                    + named(endpoint.network())
                    + ", and unknown networks are treated as Istio treats them; it may be unreachable";
          };
    }

    private static String named(NetworkId network) {
      return network.isNamed() ? " " + network : "";
    }
  }

  /**
   * The client dials a gateway, which passes the connection on to one of the endpoints.
   *
   * @param behind what is reached through it, all of one locality
   * @param weight at least 1
   * @param label by which the client names the only endpoint behind it; empty: the gateway chooses
   */
  record ViaGateway(
      NetworkGateway gateway,
      Locality locality,
      List<ServiceEndpoint> behind,
      int weight,
      String label)
      implements EndpointDecision {
    public ViaGateway {
      behind = List.copyOf(behind);
    }

    @Override
    public String sentence() {
      if (!label.isEmpty()) {
        return behind.getFirst().name()
            + " on network "
            + gateway.network()
            + " is dialled through the gateway "
            + gateway.address()
            + " with mutual TLS, named by the client ("
            + label
            + ")";
      }
      return behind.size()
          + (behind.size() == 1 ? " endpoint" : " endpoints")
          + " ("
          + String.join(", ", behind.stream().map(ServiceEndpoint::name).toList())
          + ") on network "
          + gateway.network()
          + " through the gateway "
          + gateway.address()
          + " with mutual TLS";
    }
  }

  /** The client is not told of the endpoint. */
  record Dropped(ServiceEndpoint endpoint, Reason reason) implements EndpointDecision {
    @Override
    public String sentence() {
      return endpoint.name() + " in " + endpoint.cluster() + " is left out: " + reason.sentence();
    }
  }

  /** Why an endpoint is left out. */
  sealed interface Reason {
    /** With what to do about it. */
    String sentence();

    record NoGateway(NetworkId network) implements Reason {
      @Override
      public String sentence() {
        return "no gateway is known for network "
            + network
            + "; enable the cross-cluster proxy of a cluster in it, or give one in meshNetworks";
      }
    }

    record NoMtls(String why) implements Reason {
      @Override
      public String sentence() {
        return "it is on another network and does not accept mutual TLS: " + why;
      }
    }

    record PortNameDiffers(int port, String expected, List<String> found) implements Reason {
      public PortNameDiffers {
        found = List.copyOf(found);
      }

      @Override
      public String sentence() {
        return "port "
            + port
            + " is named '"
            + expected
            + "' in the cluster that defines the service, but the ports here are named "
            + found
            + "; give the ports the same name";
      }
    }

    record NotReady() implements Reason {
      @Override
      public String sentence() {
        return "it is not ready";
      }
    }

    record Terminating() implements Reason {
      @Override
      public String sentence() {
        return "it is terminating";
      }
    }

    record ClusterLocal() implements Reason {
      @Override
      public String sentence() {
        return "the service is cluster-local, and the client is in another cluster";
      }
    }

    record OtherNode() implements Reason {
      @Override
      public String sentence() {
        return "the service has internalTrafficPolicy Local, and the client is on another node";
      }
    }

    record NoAddress(String why) implements Reason {
      @Override
      public String sentence() {
        return "it has no address that could be dialled: " + why;
      }
    }

    record OutsideNetworkView(NetworkId network, List<NetworkId> view) implements Reason {
      public OutsideNetworkView {
        view = List.copyOf(view);
      }

      @Override
      public String sentence() {
        return "it is on network "
            + network
            + ", and the client asks only for "
            + String.join(", ", view.stream().map(NetworkId::value).toList());
      }
    }

    record SubsetLabels(String subset) implements Reason {
      @Override
      public String sentence() {
        return "its labels are not those of subset " + subset;
      }
    }

    record UnknownSubset(String subset) implements Reason {
      @Override
      public String sentence() {
        return "no DestinationRule that the client sees defines subset " + subset;
      }
    }
  }
}
