package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpProtectionRules;

class EpollProtectionRulesTest extends HttpProtectionRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
