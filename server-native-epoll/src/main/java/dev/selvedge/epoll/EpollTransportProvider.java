package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.LinuxKernel;
import dev.selvedge.epoll.kernel.Symbols;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.util.Optional;

/**
 * Offers the transport {@code "epoll"}: on Linux, on x86-64 and aarch64, where Java was given native access.
 *
 * <p>Native access is the user's permission that a library calls C functions. A library can't give it to itself:
 *
 * <ul>
 * <li>on the class path: {@code java --enable-native-access=ALL-UNNAMED …}
 * <li>on the module path: {@code java --enable-native-access=dev.selvedge.epoll …}
 * <li>in a jar for {@code java -jar}: {@code Enable-Native-Access: ALL-UNNAMED} in its manifest
 * </ul>
 */
public final class EpollTransportProvider implements TransportProvider {

    /** Called by {@link java.util.ServiceLoader}. */
    public EpollTransportProvider() { }

    @Override
    public String name() {
        return EpollTransport.NAME;
    }

    @Override
    public int preference() {
        return 100;
    }

    @Override
    public Optional<String> unavailable() {
        Module module = EpollTransportProvider.class.getModule();
        return unsuitable(System.getProperty("os.name"), System.getProperty("os.arch"))
                .or(() -> module.isNativeAccessEnabled() ? Optional.empty() : Optional.of(missingAccess(module.isNamed())))
                .or(Symbols::missing);
    }

    @Override
    public Transport open() {
        unavailable().ifPresent(reason -> {
            throw new IllegalStateException("the epoll transport can't be used: " + reason);
        });
        return new EpollTransport(new KernelPool(LinuxKernel::new));
    }

    /** The reason that lies in the machine, if there is one; the names are those of the system properties. */
    static Optional<String> unsuitable(String osName, String osArch) {
        if (!osName.equals("Linux")) {
            return Optional.of("epoll is Linux's, and this is " + osName);
        }
        return switch (osArch) {
            case "amd64", "aarch64" -> Optional.empty();
            default -> Optional.of("it knows the processors amd64 and aarch64, and this is " + osArch);
        };
    }

    static String missingAccess(boolean onModulePath) {
        String onClassPath = "--enable-native-access=ALL-UNNAMED";
        String asModule = "--enable-native-access=dev.selvedge.epoll";
        return "Java was not given native access; "
                + (onModulePath
                        ? "start it with " + asModule + " (on the class path: " + onClassPath + ")"
                        : "start it with " + onClassPath + " (on the module path: " + asModule + ")");
    }
}
