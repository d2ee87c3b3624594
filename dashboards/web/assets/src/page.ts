// What a page can do more where scripts run. Everything that it says is there without.
export {};
