package dev.selvedge.epoll;

import dev.selvedge.contract.ServerExchangeContract;

class EpollServerExchangeTest extends ServerExchangeContract {

    @Override
    protected String transport() {
        return "epoll";
    }
}
