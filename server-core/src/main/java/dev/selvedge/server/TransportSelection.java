package dev.selvedge.server;

import dev.selvedge.server.engine.ListenException;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Chooses the transport of a server among the providers that are installed. */
final class TransportSelection {

    /**
     * What is started with a transport.
     *
     * @param <T> its type
     */
    @FunctionalInterface
    interface Start<T> {

        /** Starts it, and closes the transport if that fails. */
        T with(Transport transport) throws IOException;
    }

    /** Lets the most preferred transport be chosen that works here. */
    static final String AUTO = "auto";

    /** A provider that can't be loaded is passed over; this many in a row mean that the loader itself is broken. */
    private static final int MAX_BROKEN = 100;

    private final List<TransportProvider> providers;

    TransportSelection(List<TransportProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /** Returns the selection among what is installed on the module path and on the class path. */
    static TransportSelection installed() {
        List<TransportProvider> found = new ArrayList<>();
        ModuleLayer layer = HttpServer.class.getModule().getLayer();
        if (layer != null) {
            addAll(found, ServiceLoader.load(layer, TransportProvider.class));
        }
        addAll(found, ServiceLoader.load(TransportProvider.class, HttpServer.class.getClassLoader()));
        return new TransportSelection(found);
    }

    /** Returns the selection among the same providers, with something over each. */
    TransportSelection wrapped(UnaryOperator<TransportProvider> wrapping) {
        return new TransportSelection(providers.stream()
                .map(provider -> Objects.requireNonNull(wrapping.apply(provider), "what is put over a transport")).toList());
    }

    private static void addAll(List<TransportProvider> found, Iterable<TransportProvider> loader) {
        Iterator<TransportProvider> providers = loader.iterator();
        for (int broken = 0; broken < MAX_BROKEN;) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                TransportProvider provider = providers.next();
                if (found.stream().noneMatch(other -> other.getClass() == provider.getClass())) {
                    found.add(provider);
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                broken++;       // somebody else's provider is broken; the others are not
            }
        }
    }

    /**
     * Starts something with the best transport that works. Whether one does is known only when its first system calls
     * have been made: a sandbox may forbid what {@link TransportProvider#unavailable()} can't foresee. So where nobody
     * asked for a transport by name, one that fails is passed over in silence.
     *
     * @param name a provider's name, or {@link #AUTO}
     * @param start starts it; closes the transport if it fails
     * @return what was started
     * @throws IllegalArgumentException if no provider has the name
     * @throws IllegalStateException if the one that was asked for, or every one, is not available
     * @throws ListenException if an address can't be listened on, which no other transport could either
     * @throws IOException if the one that was asked for, or every one, failed; the message says why
     */
    <T> T start(String name, Start<T> start) throws IOException {
        List<String> reasons = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (TransportProvider provider : candidates(name)) {
            try {
                return start.with(provider.open());
            } catch (ListenException e) {
                throw e;
            } catch (IOException e) {
                reasons.add("transport " + provider.name() + ": " + e.getMessage());
                failures.addFirst(e);
            } catch (RuntimeException | LinkageError e) {
                reasons.add("transport " + provider.name() + ": it is broken (" + e + ")");
                failures.addFirst(e);
            }
        }
        IOException failure = new IOException(String.join("; ", reasons), failures.removeFirst());
        failures.forEach(failure::addSuppressed);
        throw failure;
    }

    /** Returns the available providers, the best one first; where one was asked for, it alone. */
    private List<TransportProvider> candidates(String name) {
        return name.equals(AUTO) ? available() : List.of(named(name));
    }

    private List<TransportProvider> available() {
        List<TransportProvider> available = providers.stream()
                .filter(provider -> unavailable(provider).isEmpty())
                .sorted(Comparator.comparingInt(TransportProvider::preference).reversed())
                .toList();
        if (available.isEmpty()) {
            throw new IllegalStateException("no transport is available: " + (providers.isEmpty()
                    ? "no provider is installed; is META-INF/services missing in a repackaged jar?"
                    : providers.stream().map(provider -> provider.name() + ": " + unavailable(provider).orElse(""))
                            .collect(Collectors.joining("; "))));
        }
        return available;
    }

    private TransportProvider named(String name) {
        TransportProvider provider = providers.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no transport \"" + name + "\"; known are "
                        + AUTO + providers.stream().map(known -> ", " + known.name()).sorted()
                                .collect(Collectors.joining())
                        + (name.equals("epoll") ? "; for epoll, add the artifact server-native-epoll" : "")));
        Optional<String> reason = unavailable(provider);
        if (reason.isPresent()) {
            throw new IllegalStateException("transport " + name + " is not available: " + reason.get());
        }
        return provider;
    }

    private static Optional<String> unavailable(TransportProvider provider) {
        try {
            return provider.unavailable();
        } catch (RuntimeException | LinkageError e) {
            return Optional.of("it is broken (" + e + ")");
        }
    }
}
