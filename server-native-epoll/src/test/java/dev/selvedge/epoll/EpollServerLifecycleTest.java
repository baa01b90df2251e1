package dev.selvedge.epoll;

import dev.selvedge.contract.ServerLifecycleContract;

class EpollServerLifecycleTest extends ServerLifecycleContract {

    @Override
    protected String transport() {
        return "epoll";
    }
}
