package dev.selvedge.server.transport;

import java.io.IOException;
import java.util.Optional;

/**
 * The door through which a server finds a transport: a {@link java.util.ServiceLoader} service.
 *
 * <p>A provider must be cheap to instantiate and to ask; only {@link #open()} may touch the operating system.
 */
public interface TransportProvider {

    /**
     * Returns the name by which a user asks for this transport, in lower case: {@code "epoll"}, {@code "nio"}.
     *
     * @return the name, never null
     */
    String name();

    /**
     * Returns how much this transport is preferred when the user did not ask for one by name. The available provider
     * with the highest preference is used; if its transport can't be opened or can't make pollers after all, the next
     * one is, in silence. The portable java.nio transport has preference 0.
     *
     * @return any number; higher is preferred
     */
    int preference();

    /**
     * Returns why this transport can't be used on this machine, with an instruction where there is one ("add
     * {@code --enable-native-access=…}"), or nothing if it can. Must not print, warn or throw.
     *
     * @return the reason, or empty if {@link #open()} may be called
     */
    Optional<String> unavailable();

    /**
     * Opens the transport for one server.
     *
     * @return a new transport, to be closed by the caller
     * @throws IOException if the operating system refuses
     * @throws IllegalStateException if the transport is {@linkplain #unavailable() unavailable}
     */
    Transport open() throws IOException;
}
