module scheduledexport.dev/test/cluster/tools/runc-lowcap

go 1.26.0
