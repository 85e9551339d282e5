dist_man_MANS += \
	%D%/portreeve.1 \
	%D%/portreeve.feeds.5 \
	%D%/portreeve.lists.5 \
	%D%/portreeve.platform.5 \
	%D%/portreeve.policy.5 \
	%D%/portreeve.record.5 \
	%D%/portreeve.registers.5 \
	%D%/portreeve.report.5 \
	%D%/portreeve.restriction.5 \
	%D%/portreeve-roles.8 \
	%D%/portreeve-setup.8 \
	%D%/portreeved.8 \
	%D%/srv_portreeve.8 \
	%D%/sync-directory.8 \
	%D%/update-lists.8
