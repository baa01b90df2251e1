package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpStopRules;

class EpollStopRulesTest extends HttpStopRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
