package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpConnectionRules;

class EpollConnectionRulesTest extends HttpConnectionRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
