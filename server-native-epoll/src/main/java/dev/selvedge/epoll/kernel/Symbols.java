package dev.selvedge.epoll.kernel;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** The C library's functions by name, found without calling or linking any: asking is cheap and needs no permission. */
public final class Symbols {

    static final List<String> REQUIRED = List.of(
            "accept4", "bind", "close", "epoll_create1", "epoll_ctl", "epoll_wait", "eventfd", "getpeername",
            "getsockname", "listen", "open", "pread", "recv", "send", "sendfile", "setsockopt", "shutdown", "socket",
            "write");

    private Symbols() { }

    /**
     * Returns why this Java or its C library can't serve the {@link LinuxKernel}, or nothing if it can.
     *
     * @return for example {@code "the C library has no epoll_create1"}
     */
    public static Optional<String> missing() {
        try {
            return REQUIRED.stream().filter(name -> find(name).isEmpty()).findFirst()
                    .map(name -> "the C library has no " + name);
        } catch (UnsupportedOperationException | LinkageError e) {
            return Optional.of("this Java can't call native functions: " + e.getMessage());
        }
    }

    static Optional<MemorySegment> find(String name) {
        return Linker.nativeLinker().defaultLookup().find(name);
    }
}
