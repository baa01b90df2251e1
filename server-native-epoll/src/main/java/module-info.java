/**
 * The transport of Linux: edge-triggered epoll, called straight from Java.
 *
 * <p>Put this module beside {@code dev.selvedge.server} and allow it native access
 * ({@code --enable-native-access=dev.selvedge.epoll}, or {@code ALL-UNNAMED} on the class path): it is found by
 * {@link java.util.ServiceLoader} and used. Elsewhere, or without the permission, the portable transport serves.
 */
module dev.selvedge.epoll {
    requires dev.selvedge.server;

    provides dev.selvedge.server.transport.TransportProvider with dev.selvedge.epoll.EpollTransportProvider;
}
