package dev.selvedge.server.engine;

import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.memory.MemoryTransport;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The files of the simulation, which lie nowhere; it knows how many are open. */
final class SimFiles implements MemoryTransport.Files {

    private final SimWorld world;
    private int opened;
    private int open;

    SimFiles(SimWorld world) {
        this.world = world;
    }

    /** Opens {@code /seed/size}; a negative size is one that can't be opened. */
    @Override
    public FileSource open(Path file) throws IOException {
        int size = Integer.parseInt(file.getFileName().toString());
        if (size < 0) {
            throw new NoSuchFileException(file.toString());
        }
        open++;
        opened++;
        world.note("opens", opened, size);
        return new SimFile(this, Integer.parseInt(file.getName(0).toString()), size);
    }

    SimWorld world() {
        return world;
    }

    void closed() {
        open--;
    }

    /** Returns how many were opened and not closed. */
    int open() {
        return open;
    }
}
