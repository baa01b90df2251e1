package dev.selvedge.server.engine;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

/**
 * Does beforehand what takes a descriptor, so that a process that has none left can still go on and say so.
 *
 * <p>Without one no class can be loaded from a folder, and the JVM never tries again at the same place: the loop that
 * had met EMFILE would be lame for ever. And java.util.logging, which reads its configuration when it is first used,
 * would stay silent for ever. Classes in a jar need nothing, because it is open already.
 */
final class Precautions implements Runnable {

    private static final String SUFFIX = ".class";

    /** Which transports have had them: once for all servers of a JVM, of which a test may start hundreds. */
    private static final ClassValue<Boolean> TAKEN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> transport) {
            Thread.ofPlatform().daemon().name("selvedge-precautions")
                    .start(new Precautions(List.of(Engine.class, transport)));
            return true;
        }
    };

    private final List<Class<?>> origins;

    private Precautions(List<Class<?>> origins) {
        this.origins = origins;
    }

    /** Takes them, beside the start of the first server with this transport: it need not wait for them. */
    static void take(Class<?> transport) {
        try {
            TAKEN.get(transport);
        } catch (OutOfMemoryError e) {
            // no thread to be had: then without
        }
    }

    @Override
    public void run() {
        try {
            for (Class<?> origin : origins) {
                loadFolder(origin);
            }
            System.getLogger(Log.NAME).isLoggable(Level.WARNING);
            ZoneId.systemDefault().getRules();      // a log line has a time
        } catch (IOException | URISyntaxException | RuntimeException | Error e) {
            // then without: a server without troubles does not miss them
        }
    }

    private static void loadFolder(Class<?> origin) throws IOException, URISyntaxException {
        CodeSource source = origin.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null || !source.getLocation().getProtocol().equals("file")) {
            return;
        }
        Path folder = Path.of(source.getLocation().toURI());
        String ownPackages = origin.getPackageName().replace('.', '/').replaceFirst("/engine$", "");
        Path own = folder.resolve(ownPackages);
        if (Files.isDirectory(own)) {
            try (Stream<Path> files = Files.walk(own)) {
                files.map(file -> folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "."))
                        .filter(name -> name.endsWith(SUFFIX))
                        .forEach(name -> load(name.substring(0, name.length() - SUFFIX.length()), origin));
            }
        }
    }

    private static void load(String name, Class<?> origin) {
        try {
            Class.forName(name, false, origin.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // of no use here: without jdk.jfr, for one, its event can't be loaded
        }
    }
}
