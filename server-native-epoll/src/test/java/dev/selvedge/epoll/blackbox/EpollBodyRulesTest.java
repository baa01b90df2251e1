package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpBodyRules;

class EpollBodyRulesTest extends HttpBodyRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
