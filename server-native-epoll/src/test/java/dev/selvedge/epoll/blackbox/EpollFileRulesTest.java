package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpFileRules;

class EpollFileRulesTest extends HttpFileRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
